namespace Talon.Chaos.Scenarios;

/// <summary>Faults of the Kubernetes API. All work is repeat-safe here: the default settings must bring every action to its end.</summary>
internal static class ApiScripts
{
    private static readonly string[] Writes = ["patch", "delete"];

    public static async Task AllAsync(ChaosRun run, CancellationToken ct)
    {
        await run.PauseAsync(run.Draw(3, 5), ct);
        await ForAsync(run, "API: 30 % 500s", new { kind = "Status", status = 500, probability = 0.3 }, 20, ct);
        await ForAsync(run, "API: 30 % 429 with Retry-After", new { kind = "Status", status = 429, retryAfterSeconds = 2, probability = 0.3 }, 20, ct);
        await ForAsync(run, "API: latency 2 s", new { latency = "00:00:02" }, 20, ct);
        await ForAsync(run, "API: 30 % cut after the effect", new { kind = "ResetAfterEffect", verbs = Writes, probability = 0.3 }, 20, ct);
        run.Note("API down", "for 30 s");
        await run.Api.StartOutageAsync(TimeSpan.FromSeconds(30), ct);
        await run.PauseAsync(35, ct);
    }

    public static async Task CutCommandsAsync(ChaosRun run, CancellationToken ct)
    {
        await run.PauseAsync(run.Draw(3, 5), ct);
        run.Note("API: 30 % of the commands cut after their start", "for 15 s");
        await run.Api.AddFaultAsync(new { kind = "ResetAfterEffect", resource = "pods", subresource = "exec", probability = 0.3 }, ct);
        await run.PauseAsync(15, ct);
        await run.Api.ClearFaultsAsync(ct);
    }

    private static async Task ForAsync(ChaosRun run, string kind, object rule, double seconds, CancellationToken ct)
    {
        run.Note(kind, $"for {seconds:0} s");
        await run.Api.AddFaultAsync(rule, ct);
        await run.PauseAsync(seconds, ct);
        await run.Api.ClearFaultsAsync(ct);
        await ScenarioRunner.AddBaseLatencyAsync(run.Api, ct);
        await run.PauseAsync(3, ct);
    }
}
