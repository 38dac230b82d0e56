using System.Collections.Immutable;

namespace Talon.Rules.Catalog;

/// <summary>Everything that is known of an additional context: values looked up elsewhere that an action can use beside those of the event.</summary>
public sealed record ContextDescriptor
{
    /// <summary>The name as it stands in <c>additional_contexts</c>, for instance <c>k8snode</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it looks up, one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>The keys it can bring, for instance <c>node.hostname</c>. Those without a value are left out.</summary>
    public required ImmutableArray<string> Keys { get; init; }

    /// <summary>
    /// The RBAC it needs, as YAML of Kubernetes objects; empty when it needs none. It comes on top of that of the actionner: who
    /// prints the rights of rules adds it for each action that asks for the context.
    /// </summary>
    public string Rbac { get; init; } = "";

    /// <summary>Whether this version can look it up; default true. A rule that asks for one that cannot be looked up is refused.</summary>
    public bool IsBuilt { get; init; } = true;
}
