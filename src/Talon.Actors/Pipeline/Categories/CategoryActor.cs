using Akka.Actor;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Telemetry;
using Talon.Cluster.Actors;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Categories;

/// <summary>
/// One category of actionners on this node: hands out slots and keeps an eye on the outside system. While its circuit is open,
/// also before the first sign of life, it grants nothing and probes with backoff, so that the waiting actions use up no attempt.
/// It knows nothing that the EventActorTable could not tell it again after a restart.
/// </summary>
internal sealed class CategoryActor : UntypedActor, IWithTimers
{
    /// <summary>What is wrong with a category that has not answered its first question yet: nothing that people need to hear of.</summary>
    public const string NotReachedYet = "not reached yet";

    private static readonly TimeSpan ProbeDeadline = TimeSpan.FromSeconds(10);

    private readonly string _name;
    private readonly CategorySettings _settings;
    private readonly SlotTable _slots;
    private readonly CircuitBreaker _circuit;
    private readonly List<IActorRef> _waitForIdle = [];
    private readonly CancellationTokenSource _stopped = new();
    private SlotRequest? _trial;
    private string? _trouble = NotReachedYet;
    private int _probes;
    private bool _reachedOnce;
    private bool _draining;

    public CategoryActor(string name, CategorySettings settings)
    {
        _name = name;
        _settings = settings;
        _slots = new SlotTable(settings.Options.ShortLane, settings.Options.LongLane, settings.Options.Crowd);
        _circuit = new CircuitBreaker(settings.Clock);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props CreateProps(string name, CategorySettings settings) => ActorFactory.CreateProps(() => new CategoryActor(name, settings));

    protected override void PreStart()
    {
        Context.System.EventStream.Publish(new CategoryStarted(_name));
        Publish();
        Probe();
    }

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RequestSlot request:
                Request(request);
                break;
            case Begin begin:
                Run(begin);
                break;
            case Decline decline when _slots.Find(decline.Key) is { Runner: null } slotRequest:
                Release(slotRequest);
                break;
            case Decline:
                break;
            case AttemptReached attempt:
                Judge(attempt.Reached, over: false);
                break;
            case AttemptEnded ended:
                Judge(ended.Reached, over: true);
                if (_slots.Find(ended.Key) is { } over)
                {
                    Release(over);
                }

                break;
            case Abandoned abandoned:
                if (_slots.Find(abandoned.Key) is { } unwanted)
                {
                    Release(unwanted);
                }

                break;
            case AskAttempt ask when _slots.Find(ask.Key) is null:
                _settings.Outbox.Forward(ask); // a runner that is gone has told it the outcome before it told anything here
                break;
            case AskAttempt:
                break;
            case RunnerGone gone when ReferenceEquals(_slots.Find(gone.Request.Key), gone.Request):
                // It ended without a word: a fault of ours. The bucket must still hear of it.
                _settings.Outbox.Tell(new Report(gone.Request.Key, new ActionOutcome.Failed(FailureKind.Crashed, "the runner of the action crashed", Objects.None)));
                Release(gone.Request);
                break;
            case RunnerGone:
                break;
            case Terminated terminated:
                RequesterLost(terminated.ActorRef);
                break;
            case ProbeNow:
                Probe();
                break;
            case ProbeEnded ended:
                Probed(ended.Trouble);
                break;
            case Drain:
                _draining = true;
                _waitForIdle.Add(Sender);
                AnswerIfIdle();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Request(RequestSlot request)
    {
        if (_slots.Find(request.Key) is { } known)
        {
            if (known is { Granted: true, Runner: null })
            {
                known.Requester.Tell(new SlotGranted(known.Key));
            }

            return;
        }

        var lane = request.LongLane ? _slots.Long : _slots.Short;
        bool crowded = _slots.IsCrowded(lane, request.ExclusionKey, request.Target);
        var slotRequest = new SlotRequest(request.Key, request.Actionner, lane, request.ExclusionKey, request.Target, Sender);
        if (_slots.Add(slotRequest))
        {
            Context.Watch(Sender);
        }

        if (crowded || _trouble is not null)
        {
            Sender.Tell(new SlotHeld(slotRequest.Key));
        }

        Pump();
    }

    private void Pump()
    {
        while (MayGrant() && _slots.Grant() is { } slotRequest)
        {
            _trial = _circuit.State == CircuitState.HalfOpen ? slotRequest : null;
            slotRequest.Requester.Tell(new SlotGranted(slotRequest.Key));
        }

        Publish();
    }

    private bool MayGrant() => !_draining && !_settings.IsDraining() && _circuit.State switch
    {
        CircuitState.Closed => true,
        CircuitState.HalfOpen => _trial is null,
        _ => false,
    };

    private void Run(Begin begin)
    {
        if (_slots.Find(begin.Key) is not { Granted: true, Runner: null } slotRequest)
        {
            return;
        }

        slotRequest.Runner = Context.ActorOf(ActionRunner.CreateProps(
            _settings, _settings.Actionners[slotRequest.Actionner], begin, slotRequest.Requester));
        Context.WatchWith(slotRequest.Runner, new RunnerGone(slotRequest));
    }

    private void Release(SlotRequest slotRequest)
    {
        if (slotRequest.Runner is not null)
        {
            Context.Unwatch(slotRequest.Runner);
        }

        if (_slots.Remove(slotRequest))
        {
            Context.Unwatch(slotRequest.Requester);
        }

        if (ReferenceEquals(_trial, slotRequest))
        {
            _trial = null;
        }

        Pump();
        AnswerIfIdle();
    }

    private void RequesterLost(IActorRef requester)
    {
        foreach (var slotRequest in _slots.Of(requester))
        {
            if (slotRequest.Runner is { } runner)
            {
                // While it writes it goes on and reports; otherwise it stops, writes nothing and says so.
                runner.Tell(new RequesterGone());
            }
            else
            {
                _slots.Remove(slotRequest);
                if (ReferenceEquals(_trial, slotRequest))
                {
                    _trial = null;
                }
            }
        }

        Pump();
        AnswerIfIdle();
    }

    private void Judge(bool? reached, bool over)
    {
        // What an attempt has read says that the system is there; that it is not is counted once, at the end of the attempt.
        if (reached is not { } known || (!known && !over))
        {
            return;
        }

        bool halfOpen = _circuit.State == CircuitState.HalfOpen;
        if (_circuit.Note(known))
        {
            Open(halfOpen ? "the action that was let through did not reach it" : $"{CircuitBreaker.FailuresThatOpen} actions in a row did not reach it");
        }
        else if (halfOpen && _circuit.State == CircuitState.Closed)
        {
            Closed();
        }
    }

    private void Open(string trouble)
    {
        _trouble = trouble;
        _trial = null;
        _settings.Log.Unhealthy(_name, $"degraded: {trouble}; actions wait");
        foreach (var slotRequest in _slots.Waiting)
        {
            slotRequest.Requester.Tell(new SlotHeld(slotRequest.Key));
        }

        Publish();
        ScheduleProbe();
    }

    private void Closed()
    {
        _trouble = null;
        _probes = 0;
        _settings.Log.Healthy(_name, "reachable");
        Pump();
    }

    private void Probe()
    {
        if (_settings.Probe is not { } probe)
        {
            Self.Tell(new ProbeEnded(null));
            return;
        }

        _ = ProbeAsync(probe, _stopped.Token).PipeTo(Self);
    }

    private static async Task<ProbeEnded> ProbeAsync(ICategoryProbe probe, CancellationToken stopped)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        deadline.CancelAfter(ProbeDeadline);
        try
        {
            return new ProbeEnded(await probe.ProbeAsync(deadline.Token));
        }
        catch (OperationCanceledException)
        {
            return new ProbeEnded($"no answer within {ProbeDeadline.TotalSeconds:0} s");
        }
        catch (Exception e) when (!stopped.IsCancellationRequested)
        {
            return new ProbeEnded($"the probe failed: {e.GetType().Name}: {OneLine.From(e.Message)}");
        }
    }

    private void Probed(string? trouble)
    {
        if (trouble is not null)
        {
            if (trouble != _trouble)
            {
                _trouble = trouble;
                _settings.Log.Unhealthy(_name, $"degraded: {trouble}; actions wait");
            }

            ScheduleProbe();
            Publish();
            return;
        }

        bool first = !_reachedOnce;
        _reachedOnce = true;
        _circuit.SignOfLife(first);
        if (_circuit.State == CircuitState.Closed)
        {
            Closed();
        }
        else
        {
            Pump();
        }
    }

    private void ScheduleProbe() =>
        Timers.StartSingleTimer("probe", ProbeNow.Instance, RetryPolicy.Backoff(++_probes, _settings.Jitter()));

    private void AnswerIfIdle()
    {
        if (!_draining || _slots.Running > 0)
        {
            return;
        }

        foreach (var asker in _waitForIdle)
        {
            asker.Tell(new Drained());
        }

        _waitForIdle.Clear();
    }

    private void Publish() => _settings.Publish(
        new CategoryStatus(_name, _circuit.State, _trouble, _slots.Running, _slots.Queued),
        _slots);

    /// <summary>A runner ended without reporting.</summary>
    private sealed record RunnerGone(SlotRequest Request) : Local;

    private sealed record ProbeEnded(string? Trouble) : Local;

    private sealed record ProbeNow : Local
    {
        public static ProbeNow Instance { get; } = new();
    }
}
