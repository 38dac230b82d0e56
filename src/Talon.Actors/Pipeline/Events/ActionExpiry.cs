using Talon.Actors.Pipeline.State;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Actors.Pipeline.Events;

/// <summary>From when on an action of an event is too old to be begun.</summary>
internal static class ActionExpiry
{
    /// <summary>The moment in ms since 1970; null when it never is.</summary>
    public static long? Of(PipelineOptions options, EventState state, PlannedAction action) =>
        MaxAge(options, action) is { } maxAge && maxAge > TimeSpan.Zero ? state.Accepted.At + (long)maxAge.TotalMilliseconds : null;

    /// <summary>How an action ends that is too old.</summary>
    public static ActionOutcome.Failed Outcome(PipelineOptions options, EventState state, PlannedAction action, long now)
    {
        var age = TimeSpan.FromMilliseconds(now - state.Accepted.At);
        string earlier = state.Actions[action.Position].MayBeDone ? "; an earlier attempt was started and may have been carried out" : "";
        return new ActionOutcome.Failed(
            FailureKind.Expired, $"the event is {age.TotalSeconds:0} s old, more than max_age {MaxAge(options, action).TotalSeconds:0} s{earlier}", Objects.None);
    }

    private static TimeSpan MaxAge(PipelineOptions options, PlannedAction action) => action.MaxAge ?? options.MaxAge;
}
