using System.Collections.Concurrent;
using Talon.Actors.Pipeline.Intake;
using Talon.Rules.Events;
using Talon.Rules.Planning;

namespace Talon.Host.Tests.Support;

internal sealed class FakeIntake : IIntake
{
    private int _sequence;

    public ConcurrentQueue<(FalcoEvent Event, EventPlan Plan, string TraceId)> Taken { get; } = new();

    public Func<CancellationToken, Task<IntakeResult>>? Answer { get; set; }

    public Task<IntakeResult> AcceptAsync(FalcoEvent falcoEvent, EventPlan plan, VolatileSet named, string traceId, CancellationToken cancellationToken)
    {
        Taken.Enqueue((falcoEvent, plan, traceId));
        return Answer is { } answer
            ? answer(cancellationToken)
            : Task.FromResult<IntakeResult>(new IntakeResult.Accepted($"{EventId.Compute(falcoEvent, named)}-{Interlocked.Increment(ref _sequence)}"));
    }
}
