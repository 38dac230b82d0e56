using Akka.Actor;
using Talon.Actors.Plugins;
using Talon.Cluster.Protocol;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;
using Talon.Rules.Variables;

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

/// <summary>One attempt of an action that an <see cref="EventActor"/> is working on.</summary>
internal sealed class Attempt(ActionKey key, PlannedRule rule, PlannedAction action, IActionner actionner, IActorRef category)
{
    public ActionKey Key { get; } = key;

    public PlannedRule Rule { get; } = rule;

    public PlannedAction Action { get; } = action;

    public IActionner Actionner { get; } = actionner;

    public IActorRef Category { get; } = category;

    public AttemptStage Stage { get; set; }

    public IActorRef? Runner { get; set; }

    public TimeSpan Timeout { get; set; }

    /// <summary>What the actionner is asked to do.</summary>
    public ActionRequest ToRequest(EventState state) => new()
    {
        Event = state.Accepted.Event,
        AcceptedAt = DateTimeOffset.FromUnixTimeMilliseconds(state.Accepted.At),
        Rule = Rule.Name,
        Action = Action,
        EventKey = state.Key,
        TraceId = state.Accepted.TraceId,
        Context = ActionContext.Of(Rule, Action),
        EarlierTarget = state.Actions[Action.Position] is { MayBeDone: true } earlier ? earlier.Target : null,
    };

    /// <summary>That it is about to write.</summary>
    public Facts.Started ToStarted(PipelineContext context, TargetRef? target) => new(
        Key.Event, Key.Position, Key.Attempt, Key.Run, context.Node, context.Incarnation, target, (long)Timeout.TotalMilliseconds, context.Now);
}
