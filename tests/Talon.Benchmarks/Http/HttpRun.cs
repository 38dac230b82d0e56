using System.Runtime.InteropServices;
using Talon.Benchmarks.Processes;

namespace Talon.Benchmarks.Http;

/// <summary><c>http</c>: the scenarios one after another, then one table.</summary>
internal static class HttpRun
{
    public static async Task<int> RunAsync(string[] args, TimeProvider time, TextWriter output, TextWriter error)
    {
        if (HttpOptions.Parse(args, [.. Scenario.All.Select(scenario => scenario.Letter)], out string fault) is not { } options)
        {
            await error.WriteLineAsync(fault);
            return 2;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var folder = Directory.CreateTempSubdirectory("talon-bench-");
        try
        {
            await RunAsync(options, time, folder.FullName, output, stop.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await error.WriteLineAsync("stopped");
            return 1;
        }
        catch (Exception e) when (e is BenchmarkException or HttpRequestException or IOException)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task RunAsync(HttpOptions options, TimeProvider time, string folder, TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(Report.Machine(time.GetUtcNow(), folder));
#if DEBUG
        await output.WriteLineAsync("Built without -c Release: the figures below mean nothing.");
#endif
        var bench = new Bench(options, time, folder);
        var rows = new List<(Scenario Scenario, Row Row)>();
        foreach (var scenario in Scenario.All.Where(scenario => options.Only.Count == 0 || options.Only.Contains(scenario.Letter)))
        {
            await output.WriteLineAsync($"{scenario.Letter}: {scenario.What} ...");
            rows.Add((scenario, await scenario.RunAsync(bench, cancellationToken)));
        }

        await output.WriteLineAsync();
        foreach (string line in Report.Table(rows))
        {
            await output.WriteLineAsync(line);
        }

        await output.WriteLineAsync();
        foreach (var (scenario, row) in rows)
        {
            foreach (string note in row.Notes)
            {
                await output.WriteLineAsync($"{scenario.Letter}: {note}");
            }
        }
    }
}
