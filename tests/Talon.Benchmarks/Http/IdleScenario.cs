using Talon.Benchmarks.Processes;

namespace Talon.Benchmarks.Http;

/// <summary>A server that nobody uses.</summary>
internal static class IdleScenario
{
    private const int Starts = 3;

    public static async Task<Row> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var ready = new List<TimeSpan>();
        var resident = new List<long>();
        long peak = 0;
        var settle = bench.Seconds(5);
        for (int i = 0; i < Starts; i++)
        {
            string folder = bench.NewFolder();
            await using var kubernetes = await KubeApiStandIn.StartAsync(folder, pods: 0, cancellationToken);
            await using var talon = await TalonServer.StartAsync(
                folder, RuleTexts.NotMatching(UnmatchedScenarios.Rules), kubernetes.Kubeconfig, cancellationToken);
            ready.Add(talon.TimeToReady);
            await Task.Delay(settle, cancellationToken);
            var usage = talon.Process.Usage();
            resident.Add(usage.Resident);
            peak = Math.Max(peak, usage.PeakResident);
        }

        return new Row
        {
            PeakResident = peak,
            Notes =
            [
                $"ready after {string.Join(", ", ready.Select(time => $"{time.TotalSeconds:0.00}"))} s from the start of the process, with an empty journal",
                $"resident {settle.TotalSeconds:0} s later: {string.Join(", ", resident.Select(Report.Megabytes))} MB",
            ],
        };
    }
}
