using System.Diagnostics;

namespace Talon.Actors.Tests;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task<T> GetAsync<T>(Func<T?> get, TimeSpan? deadline = null)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < (deadline ?? Deadline))
        {
            if (get() is { } value)
            {
                return value;
            }

            await Task.Delay(10);
        }

        throw new TimeoutException("the condition did not come true in time");
    }

    public static async Task TrueAsync(Func<bool> condition, TimeSpan? deadline = null) =>
        await GetAsync(() => condition() ? "yes" : null, deadline);

    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan? deadline = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (deadline ?? Deadline))
            {
                throw new TimeoutException("the condition did not come true in time");
            }

            await Task.Delay(50);
        }
    }
}
