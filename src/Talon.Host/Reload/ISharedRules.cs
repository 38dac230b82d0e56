using Talon.Cluster.RuleSets;

namespace Talon.Host.Reload;

/// <summary>Which rules the nodes of the cluster work with, as this node knows it. Reading it never blocks.</summary>
internal interface ISharedRules
{
    /// <summary>The rules of all members that have told theirs, own first.</summary>
    IReadOnlyList<NodeRules> Known { get; }

    /// <summary>Whether nodes work with different rules now.</summary>
    bool Differ { get; }
}
