using Talon.Actors.Pipeline.State;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Pipeline;

/// <summary>
/// Decides whether a failed attempt is tried again. Repeat-safe actionners are, on any transient trouble; the others only when
/// the request provably was not carried out. Backoff 0.5 s, doubled, at most 30 s, with 20 % jitter; a longer
/// <c>Retry-After</c> of the server is obeyed.
/// </summary>
public static class RetryPolicy
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(30);

    /// <summary>What follows from the end of an attempt.</summary>
    /// <param name="attempt">The attempt, from 1.</param>
    /// <param name="state">The action before this outcome.</param>
    /// <param name="maxAge">For how long after the first failure the action is tried again.</param>
    /// <param name="now">Now, ms since 1970.</param>
    /// <param name="jitter">A random number in [0, 1).</param>
    /// <returns>The delay until the next attempt, or null and the final outcome.</returns>
    public static (TimeSpan? RetryIn, ActionOutcome Final) Decide(
        ActionOutcome outcome, int attempt, ActionState state, ActionnerDescriptor descriptor, TimeSpan maxAge, long now, double jitter)
    {
        if (outcome is not ActionOutcome.Failed failed)
        {
            return (null, outcome);
        }

        if (!IsRetried(failed.Kind, descriptor.RepeatSafe))
        {
            bool unknown = !descriptor.RepeatSafe && failed.Kind.IsWithoutAnswer();
            return (null, unknown ? failed with { Kind = FailureKind.Unknown, Reason = $"{failed.Reason}; whether it was carried out is not known" } : failed);
        }

        var delay = Backoff(attempt, jitter);
        if (failed.RetryAfter is { } asked && asked > delay)
        {
            delay = asked;
        }

        var failingFor = TimeSpan.FromMilliseconds(now - (state.FirstFailureAt ?? now));
        if (failingFor + delay > maxAge)
        {
            return (null, failed with { Reason = $"{failed.Reason}; gave up after {attempt} attempts in {failingFor.TotalSeconds:0} s" });
        }

        return (delay, failed);
    }

    /// <summary>The delay before the attempt that follows a failed one.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="jitter">A random number in [0, 1).</param>
    public static TimeSpan Backoff(int attempt, double jitter)
    {
        double milliseconds = Math.Min(First.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 20)), Cap.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(milliseconds * (0.8 + (0.4 * jitter)));
    }

    private static bool IsRetried(FailureKind kind, bool repeatSafe) =>
        kind.ProvablyNotDone() || (kind.MayHaveHappened() && repeatSafe);
}
