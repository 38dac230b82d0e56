using System.Collections.Immutable;

namespace Talon.Cluster.RuleSets;

/// <summary>A report about the rules of the nodes: a closed set.</summary>
public abstract record RuleAgreement
{
    private RuleAgreement()
    {
    }

    /// <summary>Nodes have differed for over two minutes. Reported once.</summary>
    /// <param name="Rules">The rules of all nodes, own first.</param>
    public sealed record Differs(ImmutableArray<NodeRules> Rules) : RuleAgreement;

    /// <summary>All nodes have the same rules again, after they were reported to differ. Reported once.</summary>
    public sealed record Agrees(string Hash) : RuleAgreement;
}
