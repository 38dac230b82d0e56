using System.Diagnostics;

namespace Talon.Testing;

/// <summary>Waits for a condition with a deadline.</summary>
public static class Eventually
{
    /// <summary>Generous: it only ends a test that has failed.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until there is a value.</summary>
    public static Task<T> GetAsync<T>(Func<T?> get, TimeSpan? deadline = null)
        where T : class => GetAsync(() => Task.FromResult(get()), Unknown, deadline);

    /// <summary>Waits until there is a value.</summary>
    /// <param name="get">The value; null while there is none.</param>
    /// <param name="what">What the failure says.</param>
    /// <param name="deadline"><see cref="Deadline"/> without.</param>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> get, Func<string> what, TimeSpan? deadline = null)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (await get() is { } value)
            {
                return value;
            }

            if (watch.Elapsed > (deadline ?? Deadline))
            {
                throw new TimeoutException(what());
            }

            await Task.Delay(Pause(watch.Elapsed));
        }
    }

    public static Task TrueAsync(Func<bool> condition, TimeSpan? deadline = null) => TrueAsync(condition, Unknown, deadline);

    public static Task TrueAsync(Func<Task<bool>> condition, TimeSpan? deadline = null) => TrueAsync(condition, Unknown, deadline);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(condition, () => what);

    public static Task TrueAsync(Func<bool> condition, Func<string> what, TimeSpan? deadline = null) =>
        GetAsync(() => Task.FromResult(condition() ? "yes" : null), what, deadline);

    public static Task TrueAsync(Func<Task<bool>> condition, Func<string> what, TimeSpan? deadline = null) =>
        GetAsync(async () => await condition() ? "yes" : null, what, deadline);

    // Many conditions are a request to a process on the same processors: the longer it takes, the less often it is asked.
    private static TimeSpan Pause(TimeSpan waited) => TimeSpan.FromTicks(Math.Clamp(waited.Ticks / 20, ShortestPause.Ticks, LongestPause.Ticks));

    private static string Unknown() => "the condition did not come true in time";
}
