using Talon.Actors.Plugins;
using Talon.Cluster.Membership;

namespace Talon.Actors.Pipeline;

/// <summary>What the readiness endpoint tells about the pipeline of this node. Reading it never blocks.</summary>
public interface IPipelineStatus
{
    /// <summary>Whether the actor system still runs. When it does not, only a restart of the process helps.</summary>
    bool IsAlive { get; }

    /// <summary>Whether this node has ever been an Up member of its cluster.</summary>
    bool JoinedOnce { get; }

    /// <summary>The cluster as this node sees it now.</summary>
    ClusterView Cluster { get; }

    /// <summary>Whether the node is leaving.</summary>
    bool Draining { get; }

    /// <summary>How long the journal has not answered; null when its last answer was a success.</summary>
    TimeSpan? JournalSilence { get; }

    /// <summary>The categories of this node.</summary>
    IReadOnlyList<CategoryStatus> Categories { get; }

    /// <summary>The outputs that actions of this node have used, each with its last result.</summary>
    IReadOnlyList<OutputStatus> Outputs { get; }

    /// <summary>How many accepted events of the buckets on this node are not finished.</summary>
    int UnfinishedEvents { get; }
}
