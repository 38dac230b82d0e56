using System.Diagnostics;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Eventually
{
    /// <summary>Generous: it only ends a test that has failed.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

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

            await Task.Delay(25);
        }
    }

    public static Task TrueAsync(Func<bool> condition, Func<string> what, TimeSpan? deadline = null) =>
        GetAsync(() => Task.FromResult(condition() ? "yes" : null), what, deadline);

    public static Task TrueAsync(Func<Task<bool>> condition, Func<string> what, TimeSpan? deadline = null) =>
        GetAsync(async () => await condition() ? "yes" : null, what, deadline);
}
