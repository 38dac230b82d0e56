using System.Collections.Immutable;
using System.Security.Cryptography;
using Talon.Actors.Clients.Calls;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Targets;

/// <summary>
/// Repeats a write that lost against another one (409, the object has been modified). Every try but the first reads the object again,
/// checks its uid and decides anew; the first may use what was just read. The pauses are random, so that nodes that collided do not
/// collide again.
/// </summary>
/// <param name="jitter">A random number in [0, 1); by default from the operating system.</param>
internal sealed class ConflictRetry(TimeProvider clock, Func<double>? jitter = null)
{
    /// <summary>Enough, because each lost try was won by another writer, and there are few of those.</summary>
    public const int MaxTries = 10;

    /// <summary>After so many lost tries it is a conflict also when the attempt has no time for another; after fewer it is worth another attempt.</summary>
    public const int EnoughTries = 3;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly Func<double> _jitter = jitter ?? (() => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20));

    /// <summary>
    /// Tries until the write ends, its tries are used up or no further one fits before the deadline (a failure of the kind conflict), or
    /// the attempt is over after one or two (a failure of the kind not-sent, as lost tries wrote nothing).
    /// </summary>
    /// <param name="what">The object, for the failure: <c>the node node1</c>.</param>
    /// <param name="attempt">One try; its argument is true for all but the first.</param>
    public async Task<ActionOutcome> RunAsync(
        string what, ImmutableSortedDictionary<string, string> objects, Func<bool, Task<WriteTry>> attempt, CallScope scope)
    {
        int tries = 0;
        var (last, isCut) = await RunAsync(
            again =>
            {
                tries++;
                return attempt(again);
            },
            one => one is WriteTry.Lost,
            scope);
        return last switch
        {
            WriteTry.Ended ended => ended.Outcome,
            WriteTry.Lost lost => new ActionOutcome.Failed(
                isCut ? FailureKind.NotSent : FailureKind.Conflict,
                $"{what} was changed by others {(tries == 1 ? "when" : $"each of the {tries} times")} it was to be written"
                    + $"{(isCut ? ", and the deadline came before the next try" : "")}: {lost.Error.Message}",
                objects),
            var other => throw new InvalidOperationException($"unexpected result of a try: {other}"),
        };
    }

    /// <summary>
    /// The same for any result. Gives the last one, which may be a lost one, and whether the attempt was over before the next try.
    /// </summary>
    /// <param name="attempt">One try; its argument is true for all but the first.</param>
    /// <param name="isLost">Whether a result means that another write came between.</param>
    public async Task<(T Last, bool IsCut)> RunAsync<T>(Func<bool, Task<T>> attempt, Func<T, bool> isLost, CallScope scope)
    {
        var longest = TimeSpan.Zero;
        for (int tries = 1; ; tries++)
        {
            long began = clock.GetTimestamp();
            var result = await attempt(tries > 1);
            if (!isLost(result) || tries == MaxTries)
            {
                return (result, false);
            }

            // A try that the deadline cuts would end as a read that failed, and hide the conflict.
            var took = clock.GetElapsedTime(began);
            longest = took > longest ? took : longest;
            var pause = Pause(tries, _jitter());
            if (tries >= EnoughTries && scope.Left < pause + longest)
            {
                return (result, false);
            }

            if (!await PauseAsync(pause, scope))
            {
                return (result, true);
            }
        }
    }

    /// <summary>
    /// The pause after a lost try: 10 ms at first, doubled each time, at most 500 ms; plus a random part up to the same length.
    /// </summary>
    /// <param name="jitter">A random number in [0, 1).</param>
    public static TimeSpan Pause(int tries, double jitter)
    {
        double shortest = Math.Min(10 * Math.Pow(2, Math.Min(tries - 1, 20)), LongestPause.TotalMilliseconds / 2);
        return TimeSpan.FromMilliseconds(shortest * (1 + jitter));
    }

    private async Task<bool> PauseAsync(TimeSpan pause, CallScope scope)
    {
        try
        {
            await Task.Delay(pause, clock, scope.Token);
            return true;
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return false;
        }
    }
}
