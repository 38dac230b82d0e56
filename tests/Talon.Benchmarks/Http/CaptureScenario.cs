using System.Globalization;
using Talon.Benchmarks.Load;
using Talon.Benchmarks.Processes;

namespace Talon.Benchmarks.Http;

/// <summary>
/// Whether captures delay terminations: pairs of halves, one without and one with 50 <c>kubernetes:tcpdump</c> of 30 s in flight. In each
/// half pods are terminated at a steady pace; what counts is the time from the sending of an event to the arrival of its DELETE at the API.
/// </summary>
internal static class CaptureScenario
{
    private const int Pairs = 5;
    private const int WarmUps = 2;
    private const int Captures = 50;
    private const int Rate = 50;
    private const int FirstCapturePod = 900_000;

    // More than a file's buffer at once, so that it shows; then a little each second, without a process for that: captures run on other
    // machines, and their work is not what is measured.
    private const string TcpdumpScript =
        """
        #!/bin/bash
        head -c 200000 /dev/zero
        exec {never}<> <(:)
        while ! read -r -t 1 -u "$never"; do printf %04096d 0; done

        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task<Row> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        int half = (int)(Rate * bench.Seconds(20).TotalSeconds);
        string folder = bench.NewFolder();
        string programs = bench.NewFolder();
        string captures = bench.NewFolder();

        // What the image of a capture would bring.
        await File.WriteAllTextAsync(
            Path.Combine(programs, "tcpdump"), TcpdumpScript, cancellationToken);
        await using var kubernetes = await KubeApiStandIn.StartAsync(folder, 2 * half * (Pairs + WarmUps), cancellationToken, programs);
        await kubernetes.AddPodsAsync(FirstCapturePod, Captures * (Pairs + WarmUps), cancellationToken);
        await using var talon = await TalonServer.StartAsync(
            folder, Rules(captures), kubernetes.Kubeconfig, cancellationToken, $"lanes:\n  long: {Captures}\n");
        using var client = new HttpClient { BaseAddress = new Uri($"http://{talon.Address}") };
        var run = new Run(bench, kubernetes, talon, client, captures);

        var notes = new List<string>();
        var ratios = new List<double>();
        var allWithout = new List<double>();
        var allWith = new List<double>();
        for (int pair = 1 - WarmUps; pair <= Pairs; pair++)
        {
            var without = await run.HalfAsync(half, cancellationToken);
            await run.CaptureAsync(pair, cancellationToken);
            var with = await run.HalfAsync(half, cancellationToken);
            double left = await run.CapturesAsync(cancellationToken);
            await run.NoCapturesAsync(cancellationToken);
            if (pair <= 0)
            {
                continue;
            }

            ratios.Add(with.P99 / without.P99);
            allWithout.AddRange(without.Waits);
            allWith.AddRange(with.Waits);
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"pair {pair}: p99 {without.P99:0.0} ms without, {with.P99:0.0} ms with captures (p50 {without.P50:0.0}, {with.P50:0.0}); ratio {ratios[^1]:0.00}; {left} captures still ran at the end"));
        }

        int stored = Directory.GetFiles(captures, "*.pcap").Length;
        if (stored != Captures * (Pairs + WarmUps))
        {
            throw new BenchmarkException($"{stored} of {Captures * (Pairs + WarmUps)} captures were stored:\n{talon.Process.Tail}");
        }

        ratios.Sort();
        var (together, alone) = (new Half(allWith), new Half(allWithout));
        return new Row
        {
            Notes =
            [
                $"terminations at {Rate}/s, {half} a half; p99 with captures to p99 without: median {ratios[Pairs / 2]:0.00}, worst {ratios[^1]:0.00} of {Pairs} pairs; {stored} captures stored",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"all pairs together: p99 {alone.P99:0.0} ms without, {together.P99:0.0} ms with captures (p50 {alone.P50:0.0}, {together.P50:0.0}); ratio {together.P99 / alone.P99:0.00}"),
                .. notes,
            ],
        };
    }

    private static string Rules(string captures) => RuleTexts.Matching("actionner: kubernetes:terminate, parameters: {grace_period_seconds: 0}", dryRun: false)
        + $$"""
        - rule: "capturing"
          match:
            rules: ["Capture"]
          actions:
            - action: capture
              actionner: kubernetes:tcpdump
              parameters: {duration: 30, image_wait: 60}
              output:
                target: local:file
                parameters: {destination: "{{captures}}"}

        """;

    private sealed class Half(IEnumerable<double> waits)
    {
        public double[] Waits { get; } = [.. waits.Order()];

        public double P50 => Waits[Waits.Length / 2];

        public double P99 => Waits[(Waits.Length * 99 / 100) - 1];
    }

    private sealed class Run(Bench bench, KubeApiStandIn kubernetes, TalonServer talon, HttpClient client, string captures)
    {
        private int _next;

        public async Task<Half> HalfAsync(int count, CancellationToken cancellationToken)
        {
            await kubernetes.DeletionsAsync(0, TimeSpan.Zero, cancellationToken);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var sent = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
            var posts = new List<Task>();
            for (int i = 0; i < count; i++)
            {
                var due = TimeSpan.FromSeconds((double)i / Rate) - clock.Elapsed;
                if (due > TimeSpan.Zero)
                {
                    await Task.Delay(due, cancellationToken);
                }

                string pod = Pods.Name(_next++);
                sent[pod] = bench.Now;
                posts.Add(PostAsync(ShellEvents.FalcoRule, pod, cancellationToken));
            }

            await Task.WhenAll(posts);
            var deleted = await kubernetes.DeletionsAsync(count, Deadline, cancellationToken);
            var half = new Half(sent.Where(pod => deleted.ContainsKey(pod.Key)).Select(pod => (deleted[pod.Key] - pod.Value).TotalMilliseconds));
            return half.Waits.Length == count
                ? half
                : throw new BenchmarkException($"{half.Waits.Length} of {count} pods were terminated:\n{talon.Process.Tail}");
        }

        public async Task CaptureAsync(int pair, CancellationToken cancellationToken)
        {
            await Task.WhenAll(Enumerable.Range(0, Captures).Select(
                i => PostAsync("Capture", Pods.Name(FirstCapturePod + ((pair + WarmUps - 1) * Captures) + i), cancellationToken)));
            await WaitAsync(running => running >= Captures && Written() == Captures * (pair + WarmUps), cancellationToken);
        }

        public Task NoCapturesAsync(CancellationToken cancellationToken) => WaitAsync(running => running < 1, cancellationToken);

        public async Task<double> CapturesAsync(CancellationToken cancellationToken) =>
            (await talon.MetricsAsync(cancellationToken)).SumBy("talon_actions_running", "lane").GetValueOrDefault("long");

        // Each is in flight once it has written: before, its container starts.
        private int Written() => new DirectoryInfo(captures).EnumerateFiles().Count(file => file.Extension != ".json" && file.Length > 0);

        private async Task WaitAsync(Func<double, bool> enough, CancellationToken cancellationToken)
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            while (!enough(await CapturesAsync(cancellationToken)))
            {
                if (clock.Elapsed > Deadline)
                {
                    throw new BenchmarkException($"{await CapturesAsync(cancellationToken)} captures run, which is not what it should be:\n{talon.Process.Tail}");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }

        private async Task PostAsync(string rule, string pod, CancellationToken cancellationToken)
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
    }
}
