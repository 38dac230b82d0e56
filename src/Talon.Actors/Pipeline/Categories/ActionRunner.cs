using Akka.Actor;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Categories;

/// <summary>
/// Runs one attempt of one action: prepares (reads), waits for the word that <c>Started</c> is committed, writes, reports, stops.
/// Its deadline covers all of it and is counted from before <c>Started</c> is written.
/// </summary>
internal sealed class ActionRunner : UntypedActor, IWithTimers
{
    // What an actionner that does not heed its token gets beyond the deadline before the runner gives up on it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IActionner _actionner;
    private readonly Begin _job;
    private readonly IActorRef _requester;
    private readonly IActorRef _keeper;
    private readonly TimeProvider _clock;
    private readonly Func<bool> _nodeIsUp;
    private CancellationTokenSource _stop = null!;
    private CallScope _scope = null!;
    private Preparation.Ready? _ready;
    private bool _writing;
    private bool _reported;
    private bool _abandoned;

    public ActionRunner(IActionner actionner, Begin job, IActorRef requester, IActorRef keeper, TimeProvider clock, Func<bool> nodeIsUp)
    {
        _actionner = actionner;
        _job = job;
        _requester = requester;
        _keeper = keeper;
        _clock = clock;
        _nodeIsUp = nodeIsUp;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props CreateProps(
        IActionner actionner, Begin job, IActorRef requester, IActorRef keeper, TimeProvider clock, Func<bool> nodeIsUp) =>
        ActorFactory<ActionRunner>.CreateProps(() => new ActionRunner(actionner, job, requester, keeper, clock, nodeIsUp));

    protected override void PreStart()
    {
        _stop = new CancellationTokenSource(_job.Timeout, _clock);
        _scope = new CallScope(_clock, _job.Timeout, _nodeIsUp, _stop.Token);
        Timers.StartSingleTimer("deadline", Overdue.Instance, _job.Timeout + Patience);
        _ = Guarded(() => _actionner.PrepareAsync(_job.Request, _scope)).PipeTo(Self, failure: e => new Broken(e));
    }

    protected override void PostStop()
    {
        _stop.Cancel();
        _stop.Dispose();
        if (_ready is not null && !_reported && !_abandoned)
        {
            // Stopped from above, after the EventActor was told that it may count on this runner.
            _keeper.Tell(new Report(_job.Key, _writing
                ? new ActionOutcome.Failed(FailureKind.ConnectionLost, "the runner was stopped while the request was under way", _ready.Objects)
                : new ActionOutcome.Failed(FailureKind.NotSent, "the runner was stopped before it wrote anything", _ready.Objects)));
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Preparation.Done done:
                Finish(done.Outcome);
                break;
            case Preparation.Ready ready when _job.DryRun:
                Finish(new ActionOutcome.Ignored($"dry run: would {ready.Intent}", ready.Objects));
                break;
            case Preparation.Ready ready:
                _ready = ready;
                _requester.Tell(new Prepared(_job.Key, ready.Target));
                break;
            case Go when _ready is { } ready && !_writing:
                _writing = true;
                _ = Guarded(() => _actionner.RunAsync(_job.Request, ready, _scope)).PipeTo(Self, failure: e => new Broken(e));
                break;
            case ActionOutcome outcome:
                Finish(outcome);
                break;
            case Broken { Cause: OperationCanceledException }:
            case Overdue:
                Finish(new ActionOutcome.Failed(
                    FailureKind.Timeout, $"no end within {_job.Timeout.TotalSeconds:0.###} s", _ready?.Objects ?? Objects.None));
                break;
            case Broken broken:
                Finish(new ActionOutcome.Failed(
                    FailureKind.Crashed, $"a fault in {_actionner.Descriptor.Name}: {broken.Cause.GetType().Name}: {broken.Cause.Message}", Objects.None));
                break;
            case RequesterGone when !_writing:
                _abandoned = true;
                Context.Stop(Self);
                break;
            case RequesterGone:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // An actionner that throws before its first await is treated as one that throws later.
    private static async Task<T> Guarded<T>(Func<Task<T>> call) => await call().ConfigureAwait(false);

    private void Finish(ActionOutcome outcome)
    {
        if (_reported)
        {
            return;
        }

        if (outcome is ActionOutcome.Failed { Kind: FailureKind.Timeout } && !_writing && _ready is not null)
        {
            // Prepared, but the word to write never came: the bucket is gone or its journal away. Nothing was written.
            outcome = new ActionOutcome.Failed(FailureKind.NotSent, "the journal did not answer before the deadline", _ready.Objects);
        }

        _reported = true;
        _keeper.Tell(new Report(_job.Key, outcome));
        Context.Parent.Tell(new AttemptEnded(_job.Key, (outcome as ActionOutcome.Failed)?.Kind));
        Context.Stop(Self);
    }

    private sealed record Broken(Exception Cause) : Local;

    private sealed record Overdue : Local
    {
        public static Overdue Instance { get; } = new();
    }
}
