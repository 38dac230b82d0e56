using Akka.Actor;
using Talon.Actors.Pipeline.State;
using Talon.Actors.Plugins;
using Talon.Cluster.Wire;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Variables;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Events;

/// <summary>How far an <see cref="EventActor"/> is with an attempt.</summary>
internal enum AttemptStage
{
    /// <summary>A slot is asked for.</summary>
    Requested,

    /// <summary>The slot will come later: the outside system does not answer, or many wait before this one.</summary>
    Held,

    /// <summary>The slot is there; that the event is resumed is being journalled.</summary>
    Resuming,

    /// <summary>The runner reads.</summary>
    Preparing,

    /// <summary><c>Started</c> is being journalled.</summary>
    Starting,

    /// <summary>The runner writes, or the end is being journalled.</summary>
    Running,
}

/// <summary>
/// One attempt of an action that an <see cref="EventActor"/> is working on, and what is said about it to the category that hands out slots and
/// to the runner.
/// </summary>
internal sealed class Attempt(ActionKey key, NextStep.RequestSlot step, IActionner actionner, IActorRef category)
{
    private IActorRef? _runner;

    public ActionKey Key { get; } = key;

    public AttemptStage Stage { get; private set; }

    /// <summary>From when on it is too late to begin it, ms since 1970; null: never.</summary>
    public long? Expiry { get; } = step.Expiry;

    /// <summary>Whether it still waits for its slot.</summary>
    public bool Waits => Stage <= AttemptStage.Held;

    private TimeSpan Timeout => step.Action.Timeout ?? actionner.DefaultTimeout(step.Action);

    public bool IsOf(string category) => step.Action.Actionner.Category == category;

    /// <summary>Asks for a slot.</summary>
    public void RequestSlot(FalcoEvent falcoEvent) => category.Tell(new RequestSlot(
        Key, step.Action.Actionner, actionner.Descriptor.LongRunning, actionner.ExclusionKey(falcoEvent, step.Action), EventTarget.Of(falcoEvent)));

    /// <summary>The slot comes later.</summary>
    public void Hold() => Stage = AttemptStage.Held;

    /// <summary>The slot is there; that the event is resumed is to be journalled first.</summary>
    public void Resume() => Stage = AttemptStage.Resuming;

    /// <summary>Uses the slot: the runner reads.</summary>
    public void Begin(EventState state, bool dryRun)
    {
        Stage = AttemptStage.Preparing;
        category.Tell(new Begin(Key, ToRequest(state), step.Rule.DryRun || dryRun, Timeout));
    }

    /// <summary>What the actionner is asked to do.</summary>
    public ActionRequest ToRequest(EventState state) => new()
    {
        Event = state.Accepted.Event,
        AcceptedAt = DateTimeOffset.FromUnixTimeMilliseconds(state.Accepted.At),
        Rule = step.Rule.Name,
        Action = step.Action,
        EventKey = state.Key,
        Attempt = Key.Attempt,
        TraceId = state.Accepted.TraceId,
        Context = ActionContext.Of(step.Rule, step.Action),
        EarlierTarget = state.Actions[step.Action.Position] is { MayBeDone: true } earlier ? earlier.Target : null,
    };

    /// <summary>The runner has read everything: the fact that is to be committed before it writes.</summary>
    public Facts.Started Start(IActorRef runner, PipelineContext context, TargetRef? target)
    {
        Stage = AttemptStage.Starting;
        _runner = runner;
        return new Facts.Started(
            Key.Event, Key.Position, Key.Attempt, Key.Run, context.Node, context.Incarnation, target, (long)Timeout.TotalMilliseconds, context.Now);
    }

    /// <summary>Its start is committed: the runner writes.</summary>
    public void Go()
    {
        Stage = AttemptStage.Running;
        _runner!.Tell(new Go(Key));
    }

    /// <summary>It is not wanted any more, since something else about its action was journalled meanwhile.</summary>
    public void Abandon()
    {
        if (Stage <= AttemptStage.Resuming)
        {
            category.Tell(new Decline(Key)); // a slot that is kept would shut out the next write to the same object
        }
        else if (Stage == AttemptStage.Starting)
        {
            _runner!.Tell(new RequesterGone()); // its Started was not written and never will be
        }
    }
}
