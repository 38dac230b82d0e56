using Talon.Cluster.Wire;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Pipeline.State;

/// <summary>Where one action of an event stands.</summary>
public enum ActionPhase
{
    /// <summary>No attempt is under way.</summary>
    Waiting = 0,

    /// <summary>An attempt is journalled as started and has no outcome yet.</summary>
    Open = 1,

    /// <summary>It is over.</summary>
    Over = 2,
}

/// <summary>What the journal says about one action of an event. Immutable.</summary>
public sealed record ActionState
{
    /// <summary>An action that nothing has happened to.</summary>
    public static ActionState Fresh { get; } = new();

    /// <summary>Where it stands.</summary>
    public ActionPhase Phase { get; init; }

    /// <summary>The last attempt that was made, from 1; 0 when none was.</summary>
    public int Attempt { get; init; }

    /// <summary>The open attempt; null unless <see cref="Phase"/> is <see cref="ActionPhase.Open"/>.</summary>
    public Facts.Started? Open { get; init; }

    /// <summary>The target of the first attempt that was journalled as started; it stays the target of all later ones.</summary>
    public TargetRef? Target { get; init; }

    /// <summary>Whether an attempt was started that may have been carried out, so that its effect may exist.</summary>
    public bool MayBeDone { get; init; }

    /// <summary><see cref="MayBeDone"/> as it was before the open attempt.</summary>
    public bool MayHaveBeenDoneBefore { get; init; }

    /// <summary>When the first attempt failed, ms since 1970; null when none has.</summary>
    public long? FirstFailureAt { get; init; }

    /// <summary>Before when the next attempt may not begin, ms since 1970; null when it may begin now.</summary>
    public long? NotBefore { get; init; }

    /// <summary>How it ended; null unless <see cref="Phase"/> is <see cref="ActionPhase.Over"/>.</summary>
    public ActionOutcome? Outcome { get; init; }
}
