using Akka.Actor;
using Talon.Cluster.Actors;
using Talon.Cluster.Wire;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Outcomes;

/// <summary>
/// Keeps every outcome of this node until the bucket that owns the event has confirmed that it is journalled, and tells it again
/// through the region meanwhile: the bucket may have moved or be recovering. It does not restart with the categories. Bounded by
/// the number of unfinished events, for each action reports once.
/// </summary>
internal sealed class OutcomeOutbox : UntypedActor, IWithTimers
{
    private const int MostPerRound = 500;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    private readonly Func<IActorRef> _region;
    private readonly TimeProvider _clock;
    private readonly Dictionary<ActionKey, Kept> _kept = [];
    private readonly List<IActorRef> _waitForEmpty = [];
    private bool _hasForgotten;

    public OutcomeOutbox(Func<IActorRef> region, TimeProvider clock)
    {
        _region = region;
        _clock = clock;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props CreateProps(Func<IActorRef> region, TimeProvider clock) => ActorFactory.CreateProps(() => new OutcomeOutbox(region, clock));

    protected override void PreStart() => Timers.StartPeriodicTimer("again", Again.Instance, Round, Round);

    protected override void PostRestart(Exception reason)
    {
        _hasForgotten = true;
        base.PostRestart(reason);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Report report:
                var finished = new EventProtocol.ActionFinished(report.Key, report.Outcome);
                _kept[report.Key] = new Kept(finished, _clock.GetTimestamp());
                _region().Tell(finished);
                break;
            case EventProtocol.OutcomeConfirmed confirmed:
                _kept.Remove(confirmed.Key);
                AnswerIfEmpty();
                break;
            case AskAttempt ask when !_kept.ContainsKey(ask.Key):
                // Nobody confirms an outcome of an attempt that is journalled as open, so none has been kept and let go.
                Sender.Tell(new AttemptUnknown(ask.Key, MayHaveRun: _hasForgotten));
                break;
            case AskAttempt:
                break;
            case Again:
                SendAgain();
                break;
            case Drain:
                _waitForEmpty.Add(Sender);
                AnswerIfEmpty();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void SendAgain()
    {
        var old = _kept.Values.Where(kept => _clock.GetElapsedTime(kept.ToldAt) >= Round).OrderBy(kept => kept.ToldAt).Take(MostPerRound).ToList();
        foreach (var kept in old)
        {
            _kept[kept.Finished.Key] = kept with { ToldAt = _clock.GetTimestamp() };
            _region().Tell(kept.Finished);
        }
    }

    private void AnswerIfEmpty()
    {
        if (_kept.Count > 0)
        {
            return;
        }

        foreach (var asker in _waitForEmpty)
        {
            asker.Tell(new Drained());
        }

        _waitForEmpty.Clear();
    }

    private sealed record Kept(EventProtocol.ActionFinished Finished, long ToldAt);

    private sealed record Again : Local
    {
        public static Again Instance { get; } = new();
    }
}
