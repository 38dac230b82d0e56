using System.Diagnostics;

namespace Talon.Chaos.Rig;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    /// <exception cref="ChaosException">It did not come true in time.</exception>
    public static async Task ForAsync(Func<Task<bool>> condition, TimeSpan deadline, Func<string> what, CancellationToken ct, TimeSpan? step = null)
    {
        if (!await TryAsync(condition, deadline, ct, step))
        {
            throw new ChaosException($"{what()} (waited {deadline.TotalSeconds:0} s)");
        }
    }

    /// <returns>Whether it came true in time.</returns>
    public static async Task<bool> TryAsync(Func<Task<bool>> condition, TimeSpan deadline, CancellationToken ct, TimeSpan? step = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > deadline)
            {
                return false;
            }

            await Task.Delay(step ?? Step, ct);
        }

        return true;
    }

    /// <summary>Whether an address answers with a success.</summary>
    public static async Task<bool> AnswersAsync(HttpClient client, Uri uri, CancellationToken ct)
    {
        try
        {
            using var response = await client.GetAsync(uri, ct);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }
}
