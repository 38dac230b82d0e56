namespace Talon.Rules.Catalog;

/// <summary>Everything that is known of an output before it runs: where the artifact of an action can go.</summary>
public sealed record OutputDescriptor
{
    /// <summary>The full name, <c>category:name</c>, for instance <c>local:file</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Its parameters.</summary>
    public required ParameterSchema Parameters { get; init; }

    /// <summary>The rights it needs where it writes to, in words or as a policy; empty when it needs none.</summary>
    public required string Permissions { get; init; }

    /// <summary>A sample rule-file fragment that passes validation.</summary>
    public string Example { get; init; } = "";

    /// <summary>Whether this version can run it; default true. A rule that uses one that cannot be run is refused.</summary>
    public bool IsBuilt { get; init; } = true;
}
