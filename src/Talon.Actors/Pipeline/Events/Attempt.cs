using Akka.Actor;
using Talon.Actors.Plugins;
using Talon.Cluster.Protocol;
using Talon.Rules.Planning;

namespace Talon.Actors.Pipeline.Events;

/// <summary>How far an <see cref="EventActor"/> is with an attempt.</summary>
internal enum AttemptStage
{
    /// <summary>A slot is asked for.</summary>
    Requested,

    /// <summary>The outside system does not answer; the slot comes when it does.</summary>
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
}
