using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Pipeline.Events;

/// <summary>What is journalled at the end of an attempt: that it is tried again, or how the action ended.</summary>
internal static class OutcomeFact
{
    public static Facts.AboutEvent Of(PipelineContext context, ActionKey key, EventState state, ActionOutcome outcome)
    {
        long now = context.Now;
        if (context.Actionners.TryGetValue(state.ActionAt(key.Position).Actionner, out var actionner))
        {
            var (retryIn, final) = RetryPolicy.Decide(
                outcome, key.Attempt, state.Actions[key.Position], actionner.Descriptor, context.Options.RetryMaxAge, now, context.Jitter());
            if (retryIn is { } delay && final is ActionOutcome.Failed failed)
            {
                return new Facts.RetryScheduled(
                    key.Event, key.Position, key.Attempt, failed.Kind, failed.Reason, (long)delay.TotalMilliseconds, now);
            }

            outcome = final;
        }

        return new Facts.Finished(key.Event, key.Position, key.Attempt, outcome, now);
    }
}
