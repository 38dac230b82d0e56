using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Categories;
using Talon.Actors.Plugins;
using Talon.Cluster.Membership;

namespace Talon.Host.Tests.Support;

internal sealed class FakePipelineStatus : IPipelineStatus
{
    public bool IsAlive { get; set; } = true;

    public bool JoinedOnce { get; set; } = true;

    public ClusterView Cluster { get; set; } = new("akka.tcp://talon@127.0.0.1:4053", "Up", [new("akka.tcp://talon@127.0.0.1:4053", "Up", Reachable: true, "1.2.3")]);

    public bool Draining { get; set; }

    public TimeSpan? JournalSilence { get; set; }

    public IReadOnlyList<CategoryStatus> Categories { get; set; } = [new("kubernetes", CircuitState.Closed, Reason: null, Running: 1, Queued: 2)];

    public IReadOnlyList<OutputStatus> Outputs { get; set; } = [];

    public int UnfinishedEvents { get; set; } = 7;
}
