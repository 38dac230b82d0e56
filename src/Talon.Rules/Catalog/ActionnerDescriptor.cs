using System.Collections.Immutable;

namespace Talon.Rules.Catalog;

/// <summary>
/// Everything that is known of an actionner before it runs: the single source for validation, defaults, help, RBAC and the
/// pipeline's decisions about retries and lanes.
/// </summary>
public sealed record ActionnerDescriptor
{
    /// <summary>The full name, <c>category:name</c>.</summary>
    public required ActionnerName Name { get; init; }

    /// <summary>What it does, one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>The Falco sources whose events usually carry what it needs, for documentation.</summary>
    public required ImmutableArray<string> Sources { get; init; }

    /// <summary>The output fields it needs, for documentation; the actionner's own checks enforce them.</summary>
    public required ImmutableArray<string> RequiredFields { get; init; }

    /// <summary>Whether the next action of the rule runs when the action does not say <c>continue</c>.</summary>
    public required bool ContinueByDefault { get; init; }

    /// <summary>Whether <c>additional_contexts</c> have any use for it.</summary>
    public required bool UsesContexts { get; init; }

    /// <summary>Whether an <c>output</c> is forbidden, allowed or required.</summary>
    public required OutputUse Output { get; init; }

    /// <summary>Whether running it again after an attempt of unknown end leaves the same state as running it once.</summary>
    public required bool RepeatSafe { get; init; }

    /// <summary>Whether its write carries a UID precondition, so that a repeat can begin before the old attempt is known to be over.</summary>
    public required bool UidPrecondition { get; init; }

    /// <summary>Whether it runs in the long lane.</summary>
    public required bool LongRunning { get; init; }

    /// <summary>
    /// Whether it takes something away from a workload (used for warnings about rules without a condition, and about actions that can
    /// keep it from running).
    /// </summary>
    public required bool Destructive { get; init; }

    /// <summary>
    /// Whether it needs the container or its node to cooperate, so that whoever controls the container can make it fail: by removing a
    /// file or a program, killing a process, keeping the node busy. Default false: it needs nothing but the Kubernetes API.
    /// </summary>
    public bool FailsAtWillOfContainer { get; init; }

    /// <summary>Its parameters.</summary>
    public required ParameterSchema Parameters { get; init; }

    /// <summary>A sample rule-file fragment that passes validation.</summary>
    public string Example { get; init; } = "";

    /// <summary>The RBAC it needs, as YAML of Kubernetes objects; empty when it needs none.</summary>
    public string Rbac { get; init; } = "";

    /// <summary>The rights it needs outside Kubernetes, in words or as a policy; empty, the default, when it needs none.</summary>
    public string Permissions { get; init; } = "";

    /// <summary>Whether this version can run it; default true. A rule that uses one that cannot be run is refused.</summary>
    public bool IsBuilt { get; init; } = true;
}
