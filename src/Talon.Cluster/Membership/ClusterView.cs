using System.Collections.Immutable;

namespace Talon.Cluster.Membership;

/// <summary>The cluster as one node sees it at one moment.</summary>
/// <param name="Node">The address of the node whose view it is.</param>
/// <param name="Membership">Its own status, for instance <c>Up</c>.</param>
/// <param name="Members">All members, by address.</param>
public sealed record ClusterView(string Node, string Membership, ImmutableArray<ClusterView.Member> Members)
{
    /// <summary>One member.</summary>
    /// <param name="Reachable">Whether it answers heartbeats.</param>
    /// <param name="Version">The version of its program.</param>
    public sealed record Member(string Address, string Status, bool Reachable, string Version);

    /// <summary>Takes the view of a node.</summary>
    internal static ClusterView Of(Akka.Cluster.Cluster cluster)
    {
        var state = cluster.State;
        return new ClusterView(
            cluster.SelfAddress.ToString(),
            cluster.SelfMember.Status.ToString(),
            [.. state.Members
                .Select(member => new Member(
                    member.Address.ToString(), member.Status.ToString(), !state.Unreachable.Contains(member), member.AppVersion.Version))
                .OrderBy(member => member.Address, StringComparer.Ordinal)]);
    }
}
