using Akka.Actor;
using Talon.Actors.Pipeline.Notifying;
using Talon.Cluster.Sharding;
using Talon.Cluster.Wire;
using Talon.Rules.Events;
using Talon.Rules.Planning;

namespace Talon.Actors.Pipeline.Intake;

/// <summary>
/// Hands events to their buckets through the shard region. A bucket that does not answer (a node died, a database is away) is
/// asked again under the same delivery id for up to <see cref="PipelineOptions.IntakeDeadline"/>.
/// </summary>
public sealed class RegionIntake : IIntake
{
    private static readonly TimeSpan FirstTry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan MovePause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly IActorRef _door;
    private readonly int _buckets;
    private readonly PipelineOptions _options;
    private readonly PipelineStatus _status;
    private readonly StateNotices _notices;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly TargetShares _shares;

    /// <summary>Makes the intake.</summary>
    public RegionIntake(IActorRef door, int buckets, PipelineOptions options, PipelineStatus status, StateNotices notices, TimeProvider clock)
    {
        _notices = notices;
        _door = door;
        _buckets = buckets;
        _options = options;
        _status = status;
        _clock = clock;

        _shares = TargetShares.OfNode(options);
    }

    /// <inheritdoc/>
    public async Task<IntakeResult> AcceptAsync(FalcoEvent falcoEvent, EventPlan plan, VolatileSet named, string traceId, CancellationToken cancellationToken)
    {
        var result = await TryAcceptAsync(falcoEvent, plan, named, traceId, cancellationToken);
        if (result is IntakeResult.Refused { Cause: RefusalCause.Full or RefusalCause.TargetFull } refused)
        {
            _notices.Tell("intake", $"events are refused: {refused.Reason}");
        }

        return result;
    }

    private async Task<IntakeResult> TryAcceptAsync(
        FalcoEvent falcoEvent, EventPlan plan, VolatileSet named, string traceId, CancellationToken cancellationToken)
    {
        string target = EventTarget.Of(falcoEvent);
        int size = falcoEvent.Raw.Length;
        lock (_lock)
        {
            if (_shares.Refusal(target, size) is { } cause)
            {
                return new IntakeResult.Refused(cause, $"too many events{RefusalCause.About(cause)} are being accepted", RetryAfter);
            }

            _shares.Take(target, size);
        }

        try
        {
            var id = EventId.Compute(falcoEvent, named);
            var ingest = new EventProtocol.Ingest(BucketMap.BucketOf(id, _buckets), DeliveryId.New(), id, traceId, plan, falcoEvent);
            return await AskAsync(ingest, cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                _shares.Return(target, size);
            }
        }
    }

    private async Task<IntakeResult> AskAsync(EventProtocol.Ingest ingest, CancellationToken cancellationToken)
    {
        long began = _clock.GetTimestamp();
        var patience = FirstTry;
        while (true)
        {
            var left = _options.IntakeDeadline - _clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return new IntakeResult.Refused(RefusalCause.Unreachable, "the event could not be stored in time", RetryAfter);
            }

            try
            {
                var reply = await _door
                    .Ask<EventProtocol.IngestReply>(ingest, patience < left ? patience : left, cancellationToken);
                IntakeResult? result = reply switch
                {
                    EventProtocol.IngestReply.Accepted accepted => new IntakeResult.Accepted($"{ingest.EventId}-{accepted.Sequence}"),
                    EventProtocol.IngestReply.Duplicate => new IntakeResult.Duplicate(),
                    EventProtocol.IngestReply.Refused { Cause: RefusalCause.Draining } when !_status.Draining => null,
                    EventProtocol.IngestReply.Refused refused => new IntakeResult.Refused(refused.Cause, refused.Reason, RetryAfter),
                    _ => throw new InvalidOperationException($"a bucket answered with a {reply.GetType().Name}"),
                };
                if (result is not null)
                {
                    return result;
                }

                // Only the bucket moves, not this node: it will be somewhere else in a moment.
                await Task.Delay(MovePause, _clock, cancellationToken);
            }
            catch (AskTimeoutException)
            {
                if (_status.Draining)
                {
                    return new IntakeResult.Refused(RefusalCause.Draining, "this node is leaving", RetryAfter);
                }

                patience = patience * 2 < LongestTry ? patience * 2 : LongestTry;
            }
        }
    }
}
