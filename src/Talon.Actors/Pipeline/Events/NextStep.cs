using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Actors.Pipeline.Events;

/// <summary>
/// What an <see cref="EventActor"/> does next about one action: a pure function of what is journalled, of the time, and of what this
/// process remembers. Rules go in file order. An action that is under way holds up the rules behind its own; one that waits for the outside
/// (a backoff, a late pod, a crowded category, a lost attempt, an open circuit) lets them by.
/// </summary>
/// <param name="Attempt">The attempt that the step begins, waits for or ends, from 1.</param>
internal abstract record NextStep(PlannedRule Rule, PlannedAction Action, int Attempt)
{
    // Longer than the split-brain resolver needs to remove a lost node (7 s + 1 s), so that two nodes never run one attempt each.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private bool HoldsUpOthers => this is RequestSlot or End;

    /// <summary>The steps of an event, in the order of its rules.</summary>
    public static IReadOnlyList<NextStep> Of(EventState state, long now, EventProgress progress, PipelineContext context)
    {
        var steps = new List<NextStep>();
        foreach (var rule in state.Accepted.Plan.Rules)
        {
            if (state.NextOf(rule) is not { } action)
            {
                continue;
            }

            switch (progress.Of(action.Position))
            {
                case ActionProgress.UnderWay:
                    return steps;
                case ActionProgress.Waits:
                    continue;
            }

            var step = Of(state, rule, action, now, progress, context);
            steps.Add(step);
            if (step.HoldsUpOthers)
            {
                break;
            }
        }

        return steps;
    }

    private static NextStep Of(
        EventState state, PlannedRule rule, PlannedAction action, long now, EventProgress progress, PipelineContext context)
    {
        var journalled = state.Actions[action.Position];
        if (!context.Actionners.TryGetValue(action.Actionner, out var actionner) || !context.Categories.ContainsKey(action.Actionner.Category))
        {
            return EndAs(FailureKind.UnknownActionner, $"this node has no actionner {action.Actionner}");
        }

        if (journalled.Open is { } open && !progress.IsGivenUp(action.Position, journalled.Attempt))
        {
            if (open.Incarnation == context.Incarnation)
            {
                return new AskOwnProcess(rule, action, journalled.Attempt);
            }

            // With a precondition on the uid a second write changes nothing.
            bool isHarmless = actionner.Descriptor is { RepeatSafe: true, UidPrecondition: true };
            if (!isHarmless && !context.IsGone(open.Node, open.Incarnation))
            {
                return new AwaitOutcome(rule, action, journalled.Attempt, PatienceWith(open));
            }
        }

        if (progress.MustResume && state.IsResumedTooOften)
        {
            return EndAs(FailureKind.Parked, ParkedReason($"it was resumed {Math.Max(state.Resumes, state.ResumesByLast)} times without progress"));
        }

        if (journalled.Open is not null && !actionner.Descriptor.RepeatSafe && !action.RetryInterrupted)
        {
            return EndAs(FailureKind.Interrupted, "the node that ran it is gone; whether it was carried out is not known");
        }

        long? expiry = ActionExpiry.Of(context.Options, state, action);
        if (now >= expiry)
        {
            return End(ActionExpiry.Outcome(context.Options, state, action, now));
        }

        return journalled.NotBefore is { } notBefore && notBefore > now
            ? new WaitUntil(rule, action, journalled.Attempt + 1, Math.Min(notBefore, expiry ?? notBefore))
            : new RequestSlot(rule, action, journalled.Attempt + 1, expiry);

        End EndAs(FailureKind kind, string reason) => End(new ActionOutcome.Failed(kind, reason, Objects.None));

        // An open attempt is ended; otherwise it is the next one that is not made.
        End End(ActionOutcome.Failed outcome) => journalled.Open is { } last
            ? new End(rule, action, journalled.Attempt, last.Run, outcome)
            : new End(rule, action, journalled.Attempt + 1, 0, outcome);
    }

    /// <summary>How long the outcome of an attempt is waited for from when its start is heard of.</summary>
    public static TimeSpan PatienceWith(Facts.Started started) => TimeSpan.FromMilliseconds(started.TimeoutMs) + Margin;

    /// <summary>The reason of an event that is set aside.</summary>
    public static string ParkedReason(string why) => $"the event was set aside: {why}";

    /// <summary>Begin the attempt: ask the category for a slot. From <c>Expiry</c> on, ms since 1970, it is too late; null: never.</summary>
    public sealed record RequestSlot(PlannedRule Rule, PlannedAction Action, int Attempt, long? Expiry) : NextStep(Rule, Action, Attempt);

    /// <summary>Begin the attempt no sooner than at a moment, ms since 1970.</summary>
    public sealed record WaitUntil(PlannedRule Rule, PlannedAction Action, int Attempt, long At) : NextStep(Rule, Action, Attempt);

    /// <summary>
    /// The attempt is open and of this very process, which can tell: a runner that writes always reports, and one that was never told to
    /// write has not.
    /// </summary>
    public sealed record AskOwnProcess(PlannedRule Rule, PlannedAction Action, int Attempt) : NextStep(Rule, Action, Attempt);

    /// <summary>The attempt is open and of another process, which may be alive: its outcome may still come, for so long.</summary>
    public sealed record AwaitOutcome(PlannedRule Rule, PlannedAction Action, int Attempt, TimeSpan Patience) : NextStep(Rule, Action, Attempt);

    /// <summary>The action ends without another attempt. <c>Run</c> is that of the open attempt; 0 when none is open.</summary>
    public sealed record End(PlannedRule Rule, PlannedAction Action, int Attempt, int Run, ActionOutcome.Failed Outcome) : NextStep(Rule, Action, Attempt);
}
