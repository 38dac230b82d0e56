using Akka.Actor;
using Talon.Cluster.Node;

namespace Talon.Cluster.RuleSets;

/// <summary>
/// The rule sets of all nodes, as one node knows them. Each node publishes its own through replicated data in memory; no node decides
/// by it: every event carries the plan that was made for it. Safe to use from any thread.
/// </summary>
public sealed class ClusterRules
{
    private volatile IReadOnlyList<NodeRules> _known = [];
    private IActorRef? _board;

    /// <summary>The rules of all members that have told theirs, own first, then by address.</summary>
    public IReadOnlyList<NodeRules> Known => _known;

    /// <summary>Whether nodes work with different rules now.</summary>
    public bool Differ => Known.Select(one => one.Hash).Distinct(StringComparer.Ordinal).Count() > 1;

    /// <summary>Starts to share the rules of a node.</summary>
    /// <param name="node">The node, a member of its cluster.</param>
    /// <param name="say">Called when an operator should know something; must not block or throw.</param>
    public static ClusterRules Start(TalonNode node, TimeProvider clock, Action<RuleAgreement> say)
    {
        return Start(node.System, clock, say);
    }

    /// <summary>Publishes to the cluster which rules this node works with from now on.</summary>
    public void Publish(string hash, DateTimeOffset since)
    {
        ArgumentException.ThrowIfNullOrEmpty(hash);
        _board!.Tell(new RuleSetReplicator.Own(hash, since));
    }

    internal static ClusterRules Start(ActorSystem system, TimeProvider clock, Action<RuleAgreement> say)
    {
        var rules = new ClusterRules();
        rules._board = system.ActorOf(RuleSetReplicator.CreateProps(known => rules._known = known, clock, say), "rule-board");
        return rules;
    }
}
