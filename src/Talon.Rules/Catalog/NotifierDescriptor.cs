namespace Talon.Rules.Catalog;

/// <summary>Everything that is known of a notifier before it runs: where the outcome of an action is told.</summary>
public sealed record NotifierDescriptor
{
    /// <summary>The name, for instance <c>slack</c>. Rule files and the configuration may write it in any case.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Its settings, as they stand under <c>notifiers.NAME</c> in the configuration.</summary>
    public required ParameterSchema Settings { get; init; }

    /// <summary>The rights it needs, as YAML of Kubernetes objects or in words; empty when it needs none.</summary>
    public string Permissions { get; init; } = "";

    /// <summary>A sample fragment of the configuration.</summary>
    public string Example { get; init; } = "";

    /// <summary>Whether this version can run it; default true. A rule that names one that cannot be run is refused.</summary>
    public bool IsBuilt { get; init; } = true;
}
