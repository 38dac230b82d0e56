using Akka.Actor;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Plugins;
using Talon.Cluster.Actors;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Categories;

/// <summary>
/// Runs one attempt of one action: looks up its contexts, prepares (reads), waits for the word that <c>Started</c> is committed, writes, reports, stops.
/// Its deadline covers all of it and is counted from before <c>Started</c> is written.
/// </summary>
internal sealed class ActionRunner : UntypedActor, IWithTimers
{
    // What an actionner that does not heed its token gets beyond the deadline before the runner gives up on it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly CategorySettings _settings;
    private readonly IActionner _actionner;
    private readonly Begin _attempt;
    private readonly IActorRef _requester;
    private readonly IActorRef _outbox;
    private ActionRequest _request;
    private CancellationTokenSource _stop = null!;
    private CallScope _scope = null!;
    private Preparation.Ready? _ready;
    private bool _writing;
    private bool _reported;
    private bool _abandoned;

    public ActionRunner(CategorySettings settings, IActionner actionner, Begin attempt, IActorRef requester)
    {
        _settings = settings;
        _actionner = actionner;
        _attempt = attempt;
        _request = attempt.Request;
        _requester = requester;
        _outbox = settings.Outbox;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props CreateProps(CategorySettings settings, IActionner actionner, Begin attempt, IActorRef requester) =>
        ActorFactory.CreateProps(() => new ActionRunner(settings, actionner, attempt, requester));

    protected override void PreStart()
    {
        _stop = new CancellationTokenSource(_attempt.Timeout, _settings.Clock);
        _scope = new CallScope(_settings.Clock, _attempt.Timeout, _settings.NodeIsUp, _stop.Token);
        Timers.StartSingleTimer("deadline", Overdue.Instance, _attempt.Timeout + Patience);
        var actionPreparer = new ActionPreparer(
            _settings.Contexts,
            _settings.Outputs,
            (output, failure) => _settings.PublishOutput(new OutputStatus(output, _settings.Clock.GetUtcNow(), failure)));
        _ = Guarded(() => actionPreparer.PrepareAsync(_actionner, _attempt.Request, _scope)).PipeTo(Self, failure: e => new Broken(e));
    }

    protected override void PostStop()
    {
        _stop.Cancel();
        _stop.Dispose();
        if (_ready is not null && !_reported && !_abandoned)
        {
            // Stopped from above, after the EventActor was told that it may count on this runner.
            _outbox.Tell(new Report(_attempt.Key, _writing
                ? new ActionOutcome.Failed(FailureKind.ConnectionLost, "the runner was stopped while the request was under way", _ready.Objects)
                : new ActionOutcome.Failed(FailureKind.NotSent, "the runner was stopped before it wrote anything", _ready.Objects)));
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ActionPreparer.Prepared { Preparation: Preparation.Done done }:
                Finish(done.Outcome);
                break;
            case ActionPreparer.Prepared { Preparation: Preparation.Later later }:
                Postpone(later);
                break;
            case ActionPreparer.Prepared { Preparation: Preparation.Ready ready } when _attempt.DryRun:
                Finish(new ActionOutcome.Ignored($"dry run: would {ready.Intent}", ready.Objects));
                break;
            case ActionPreparer.Prepared { Preparation: Preparation.Ready ready } prepared:
                _ready = ready;
                _request = prepared.Request;
                Context.Parent.Tell(new AttemptReached(_scope.Reached));
                _requester.Tell(new Prepared(_attempt.Key, ready.Target));
                break;
            case Go when _ready is { } late && !_writing && _scope.Refusal() is { } refusal:
                Finish(new ActionOutcome.Failed(FailureKind.NotSent, refusal, late.Objects));
                break;
            case Go when _ready is { } ready && !_writing:
                _writing = true;
                _ = Guarded(() => _actionner.RunAsync(_request, ready, _scope)).PipeTo(Self, failure: e => new Broken(e));
                break;
            case ActionOutcome outcome:
                Finish(outcome);
                break;
            case Broken { Cause: OperationCanceledException }:
            case Overdue:
                Finish(new ActionOutcome.Failed(
                    FailureKind.Timeout, $"no end within {_attempt.Timeout.TotalSeconds:0.###} s", _ready?.Objects ?? Objects.None));
                break;
            case Broken broken:
                Finish(new ActionOutcome.Failed(
                    FailureKind.Crashed, $"a fault in {_actionner.Descriptor.Name}: {broken.Cause.GetType().Name}: {OneLine.From(broken.Cause.Message)}", Objects.None));
                break;
            case RequesterGone when !_writing:
                _abandoned = true;
                Context.Parent.Tell(new Abandoned(_attempt.Key));
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
    private static async Task<T> Guarded<T>(Func<Task<T>> call) => await call();

    private static ActionOutcome WithRemark(ActionOutcome outcome, string? remark) => (outcome, remark) switch
    {
        (ActionOutcome.Succeeded done, { } text) => done with { Output = $"{done.Output}; {text}" },
        (ActionOutcome.Ignored left, { } text) => left with { Reason = $"{left.Reason}; {text}" },
        _ => outcome,
    };

    // No outcome, so nothing for the outbox. What was read says of the outside system what it always says.
    private void Postpone(Preparation.Later later)
    {
        if (_reported)
        {
            return;
        }

        _reported = true;
        _requester.Tell(new Postponed(_attempt.Key, later.Reason));
        Context.Parent.Tell(new AttemptEnded(_attempt.Key, _scope.Reached));
        Context.Stop(Self);
    }

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

        if (!_writing && !_actionner.Descriptor.RepeatSafe && outcome is ActionOutcome.Failed failed && failed.Kind.MayHaveHappened())
        {
            // What only reads may be tried again, also where the write may not.
            outcome = failed with { Kind = FailureKind.NotSent };
        }

        _reported = true;
        _outbox.Tell(new Report(_attempt.Key, WithRemark(outcome, _scope.Remark)));
        Context.Parent.Tell(new AttemptEnded(_attempt.Key, _scope.Reached));
        Context.Stop(Self);
    }

    private sealed record Broken(Exception Cause) : Local;

    private sealed record Overdue : Local
    {
        public static Overdue Instance { get; } = new();
    }
}
