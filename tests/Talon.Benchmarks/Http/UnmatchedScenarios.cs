using System.Net;
using Talon.Benchmarks.Processes;

namespace Talon.Benchmarks.Http;

/// <summary>Requests that end at the ingress.</summary>
internal static class UnmatchedScenarios
{
    /// <summary>How many rules talon has loaded, as in the figures that design goals were taken from.</summary>
    public const int Rules = 100;

    public static async Task<Row> EmptyHandlerAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var server = EmptyHandler.Start();
        var address = await server.AddressAsync(cancellationToken);
        var plan = bench.SamplePlan(IPEndPoint.Parse(address.Authority));
        await Bench.WarmUpAsync(plan, cancellationToken);
        return await Bench.MeasureAsync(server, plan, after: null, cancellationToken);
    }

    public static async Task<Row> TalonAsync(Bench bench, CancellationToken cancellationToken)
    {
        string folder = bench.NewFolder();
        await using var kubernetes = await KubeApiStandIn.StartAsync(folder, pods: 0, cancellationToken);
        await using var talon = await TalonServer.StartAsync(folder, RuleTexts.NotMatching(Rules), kubernetes.Kubeconfig, cancellationToken);
        var plan = bench.SamplePlan(talon.Address);
        var warm = await Bench.WarmUpAsync(plan, cancellationToken);
        var row = await Bench.MeasureAsync(talon.Process, plan, after: null, cancellationToken);
        var unmatched = (await talon.MetricsAsync(cancellationToken)).Sum("talon_ingress_unmatched_total");
        return row with { Notes = [$"{unmatched:0} of {warm.Accepted + row.Load!.Accepted} accepted events were counted as unmatched"] };
    }
}
