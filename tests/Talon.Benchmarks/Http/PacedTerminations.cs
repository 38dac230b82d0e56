using System.Diagnostics;
using Talon.Benchmarks.Load;
using Talon.Benchmarks.Processes;

namespace Talon.Benchmarks.Http;

/// <summary>
/// Terminates pods at a steady pace and tells how long each took, from the sending of its event to the arrival of its DELETE at the API.
/// What falls in a time when the host took some of the machine's time does not count.
/// </summary>
internal sealed class PacedTerminations(Bench bench, KubeApiStandIn kubernetes, TalonServer talon, HttpClient client)
{
    /// <summary>How many a second.</summary>
    public const int Rate = 100;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // What comes first does not count: what it is measured beside has just begun.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    // A pod that is as young as the event is taken for the successor of the one that the event tells of.
    private static readonly TimeSpan PodAge = TimeSpan.FromSeconds(2);

    private int _next;

    /// <summary>How many terminations do not count because the machine was not ours then.</summary>
    public int Disturbed { get; private set; }

    /// <summary>Adds the pods of some measurements, and waits until they are old enough.</summary>
    /// <returns>The number of the first pod of each.</returns>
    public async Task<int[]> AddPodsAsync(int measurements, TimeSpan duration, CancellationToken cancellationToken)
    {
        int count = CountOf(duration);
        int first = _next;
        _next += measurements * count;
        await kubernetes.AddPodsAsync(first, measurements * count, cancellationToken);
        await Task.Delay(PodAge, cancellationToken);
        return [.. Enumerable.Range(0, measurements).Select(i => first + (i * count))];
    }

    /// <summary>Terminates pods for so long.</summary>
    /// <returns>The times in milliseconds, of those that count.</returns>
    public async Task<List<double>> MeasureAsync(int first, TimeSpan duration, CancellationToken cancellationToken)
    {
        int count = CountOf(duration);
        int settling = (int)(Rate * Settling.TotalSeconds);
        await kubernetes.DeletionsAsync(0, TimeSpan.Zero, cancellationToken);

        // A collection in this program or in the stand-in would be read as a delay: let it be now.
        GC.Collect();
        await kubernetes.CollectAsync(cancellationToken);
        await using var watch = new MachineWatch(bench);
        var clock = Stopwatch.StartNew();
        var sent = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var posts = new List<Task>();
        for (int i = 0; i < count; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / Rate) - clock.Elapsed;
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, cancellationToken);
            }

            string pod = Pods.Name(first + i);
            if (i >= settling)
            {
                sent[pod] = bench.Now;
            }

            posts.Add(PostAsync(ShellEvents.FalcoRule, pod, cancellationToken));
        }

        await Task.WhenAll(posts);
        var deleted = await kubernetes.DeletionsAsync(count, Deadline, cancellationToken);
        int missing = Enumerable.Range(first, count).Count(number => !deleted.ContainsKey(Pods.Name(number)));
        if (missing > 0)
        {
            throw new BenchmarkException($"{missing} of {count} pods were not terminated:\n{talon.Process.Tail}");
        }

        await watch.StopAsync();
        List<double> waits = [.. sent.Where(pod => watch.WasOurs(pod.Value)).Select(pod => (deleted[pod.Key] - pod.Value).TotalMilliseconds)];
        Disturbed += sent.Count - waits.Count;
        return waits;
    }

    /// <summary>Posts one event, which must be accepted.</summary>
    public async Task PostAsync(string rule, string pod, CancellationToken cancellationToken)
    {
        using var answer = await client.PostAsJsonAsync(
            "/",
            new
            {
                rule,
                priority = "Notice",
                source = "syscall",
                output = $"{rule} in {pod}",
                time = bench.Now,
                output_fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["k8s.ns.name"] = Pods.Namespace, ["k8s.pod.name"] = pod },
            },
            cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The time that so many percent do not exceed.</summary>
    public static double P(int percent, List<double> waits)
    {
        double[] ordered = [.. waits.Order()];
        return ordered[(ordered.Length * percent / 100) - 1];
    }

    private static int CountOf(TimeSpan duration) => (int)(Rate * (Settling + duration).TotalSeconds);
}
