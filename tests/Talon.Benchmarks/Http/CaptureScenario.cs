using System.Globalization;
using Talon.Benchmarks.Load;
using Talon.Benchmarks.Processes;

namespace Talon.Benchmarks.Http;

/// <summary>
/// Whether captures delay terminations: pairs of halves, one without and one with 50 <c>kubernetes:tcpdump</c> of 30 s in flight, each in
/// slices that take turns, and which half begins alternates too. In each slice pods are terminated at a steady pace; what counts is the time
/// from the sending of an event to the arrival of its DELETE at the API.
/// </summary>
internal static class CaptureScenario
{
    private const int Pairs = 5;
    private const int Slices = 2;
    private const int WarmUps = 2;
    private const int Captures = 50;
    private const int FewestWaits = 200;
    private const int Repeats = 10;
    private const int FirstCapturePod = 900_000;

    // More than a file's buffer at once, so that it shows; then a little each second, without a process for that: captures run on other
    // machines, and their work is not what is measured; so it is also what this machine does last. Nor do 50 pods send in the same
    // millisecond: each begins its seconds elsewhere.
    private const string TcpdumpScript =
        """
        #!/usr/bin/env -S nice -n 19 bash
        head -c 200000 /dev/zero
        exec {never}<> <(:)
        read -r -t "0.$((RANDOM % 900 + 100))" -u "$never"
        while ! read -r -t 1 -u "$never"; do printf %04096d 0; done

        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task<Row> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        string folder = bench.NewFolder();
        string programs = bench.NewFolder();
        string captures = bench.NewFolder();

        // What the image of a capture would bring.
        await File.WriteAllTextAsync(
            Path.Combine(programs, "tcpdump"), TcpdumpScript, cancellationToken);
        await using var kubernetes = await KubeApiStandIn.StartAsync(folder, pods: 0, cancellationToken, programs);
        await using var talon = await TalonServer.StartAsync(
            folder, Rules(captures), kubernetes.Kubeconfig, cancellationToken, $"lanes:\n  long: {Captures}\n");
        using var client = new HttpClient { BaseAddress = new Uri($"http://{talon.Address}") };
        var terminations = new PacedTerminations(bench, kubernetes, talon, client);
        var run = new Run(bench, kubernetes, talon, terminations, captures);
        for (int i = 0; i < WarmUps; i++)
        {
            await run.SliceAsync(capturesFirst: i % 2 == 1, cancellationToken);
        }

        var notes = new List<string>();
        var ratios = new List<double>();
        var allWithout = new List<double>();
        var allWith = new List<double>();
        for (int pair = 1; pair <= Pairs; pair++)
        {
            var without = new List<double>();
            var with = new List<double>();
            for (int i = 0; i < Slices; i++)
            {
                var slice = await run.UndisturbedSliceAsync(capturesFirst: i % 2 == 1, cancellationToken);
                without.AddRange(slice.Without);
                with.AddRange(slice.With);
            }

            allWithout.AddRange(without);
            allWith.AddRange(with);
            ratios.Add(PacedTerminations.P(99, with) / PacedTerminations.P(99, without));
            notes.Add($"pair {pair}: {Compared(without, with)}");
        }

        int stored = Directory.GetFiles(captures, "*.pcap").Length;
        if (stored != run.Captured)
        {
            throw new BenchmarkException($"{stored} of {run.Captured} captures were stored:\n{talon.Process.Tail}");
        }

        ratios.Sort();
        return new Row
        {
            Notes =
            [
                $"terminations at {PacedTerminations.Rate}/s, {bench.Seconds(20).TotalSeconds * Slices:0} s a half in {Slices} slices; p99 with captures to p99 without: median {ratios[Pairs / 2]:0.00}, worst {ratios[^1]:0.00} of {Pairs} pairs; {stored} captures stored",
                $"{allWithout.Count} terminations without and {allWith.Count} with captures count; {terminations.Disturbed} more, warm-up included, fell in a time when the host took some of the machine's time; {run.Repeated} slices were repeated for that",
                $"all pairs together: {Compared(allWithout, allWith)}",
                .. notes,
            ],
        };
    }

    private static string Compared(List<double> without, List<double> with) => string.Create(
        CultureInfo.InvariantCulture,
        $"p99 {PacedTerminations.P(99, without):0.0} ms without, {PacedTerminations.P(99, with):0.0} ms with captures (p50 {PacedTerminations.P(50, without):0.0}, {PacedTerminations.P(50, with):0.0}); ratio {PacedTerminations.P(99, with) / PacedTerminations.P(99, without):0.00}");

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

    private sealed class Run(Bench bench, KubeApiStandIn kubernetes, TalonServer talon, PacedTerminations terminations, string captures)
    {
        /// <summary>How many captures have been asked for.</summary>
        public int Captured { get; private set; }

        /// <summary>How many slices were repeated because the machine was hardly ever ours in one of their halves.</summary>
        public int Repeated { get; private set; }

        public async Task<(List<double> Without, List<double> With)> UndisturbedSliceAsync(bool capturesFirst, CancellationToken cancellationToken)
        {
            while (true)
            {
                var slice = await SliceAsync(capturesFirst, cancellationToken);
                if (slice.Without.Count >= FewestWaits && slice.With.Count >= FewestWaits)
                {
                    return slice;
                }

                if (Repeated == Repeats)
                {
                    throw new BenchmarkException(
                        $"after {Repeats} repeated slices, one has again only {slice.Without.Count} and {slice.With.Count} terminations in a time when the machine was ours: run it when its host is quiet");
                }

                Repeated++;
            }
        }

        public async Task<(List<double> Without, List<double> With)> SliceAsync(bool capturesFirst, CancellationToken cancellationToken)
        {
            var duration = bench.Seconds(20);
            await kubernetes.AddPodsAsync(FirstCapturePod + Captured, Captures, cancellationToken);
            int[] first = await terminations.AddPodsAsync(2, duration, cancellationToken);
            List<double> without = capturesFirst ? [] : await terminations.MeasureAsync(first[0], duration, cancellationToken);
            await CaptureAsync(cancellationToken);
            var with = await terminations.MeasureAsync(first[1], duration, cancellationToken);
            double left = await CapturesAsync(cancellationToken);
            if (left < Captures)
            {
                throw new BenchmarkException($"only {left} captures still ran at the end of a slice: it was too long");
            }

            await WaitAsync(running => running < 1, cancellationToken);
            return (capturesFirst ? await terminations.MeasureAsync(first[0], duration, cancellationToken) : without, with);
        }

        private async Task CaptureAsync(CancellationToken cancellationToken)
        {
            int first = FirstCapturePod + Captured;
            Captured += Captures;
            await Task.WhenAll(Enumerable.Range(first, Captures).Select(i => terminations.PostAsync("Capture", Pods.Name(i), cancellationToken)));
            await WaitAsync(running => running >= Captures && Written() == Captured, cancellationToken);
        }

        private async Task<double> CapturesAsync(CancellationToken cancellationToken) =>
            (await talon.MetricsAsync(cancellationToken)).SumBy("talon_actions_running", "lane").GetValueOrDefault("long");

        // Each is in flight once it has written: before, its container starts.
        private int Written() => new DirectoryInfo(captures).EnumerateFiles().Count(file => file.Extension != ".json" && SizeOf(file) > 0);

        private static long SizeOf(FileInfo file)
        {
            try
            {
                return file.Length;
            }
            catch (FileNotFoundException)
            {
                // It has just got its final name; the next look counts it under that.
                return 0;
            }
        }

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
    }
}
