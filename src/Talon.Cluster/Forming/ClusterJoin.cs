using Akka.Cluster;

namespace Talon.Cluster.Forming;

/// <summary>Makes a started node a member of its cluster.</summary>
internal static class ClusterJoin
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Joins, and waits until the node sees itself Up.</summary>
    /// <exception cref="ClusterStartException">It did not become Up in time, or its actor system ended meanwhile.</exception>
    public static async Task RunAsync(Akka.Cluster.Cluster cluster, TalonClusterOptions options, CancellationToken cancellationToken)
    {
        if (options.Mode == ClusterMode.SingleNode)
        {
            cluster.Join(cluster.SelfAddress);
        }
        else
        {
            cluster.JoinSeedNodes(options.SeedNodes.Select(seed => seed.ToAkka()));
        }

        // The join is answered a moment before the node's own view of its membership says so, and actions ask that view.
        using var patience = new CancellationTokenSource(options.JoinTimeout, options.Clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        while (cluster.IsTerminated || cluster.SelfMember.Status != MemberStatus.Up)
        {
            if (cluster.IsTerminated || cluster.SelfMember.Status is MemberStatus.Down or MemberStatus.Exiting)
            {
                throw new ClusterStartException($"the node {cluster.SelfAddress} was taken out of the cluster while it joined");
            }

            try
            {
                await Task.Delay(PollInterval, options.Clock, deadline.Token);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ClusterStartException(NotJoined(cluster, options), e);
            }
        }
    }

    private static string NotJoined(Akka.Cluster.Cluster cluster, TalonClusterOptions options)
    {
        string what = $"the node {cluster.SelfAddress} did not become a member within {options.JoinTimeout.TotalSeconds:0} s";
        return options.Mode == ClusterMode.SingleNode
            ? what
            : $"{what}; are the seed nodes {string.Join(", ", options.SeedNodes)} running and reachable, and is cluster.host the name by which they know this node? The first of them must run for a cluster to form";
    }
}
