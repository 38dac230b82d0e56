using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Categories;
using Talon.Host.Hosting;

namespace Talon.Host.Tests.Support;

internal sealed class FakePipelineStatus : IPipelineStatus, ILiveness
{
    public bool IsAlive { get; set; } = true;

    public Task Ended { get; } = new TaskCompletionSource().Task;

    public bool JoinedOnce { get; set; } = true;

    public string Membership { get; set; } = "Up";

    public bool Draining { get; set; }

    public TimeSpan? JournalSilence { get; set; }

    public IReadOnlyList<CategoryStatus> Categories { get; set; } = [new("kubernetes", CircuitState.Closed, Reason: null, Running: 1, Queued: 2)];

    public int UnfinishedEvents { get; set; } = 7;
}
