using Talon.Chaos.Processes;

namespace Talon.Chaos.Scenarios;

/// <summary>Faults of talon processes.</summary>
internal static class NodeScripts
{
    // After a kill: time for the whole way of the split-brain resolver, so that each kill is measured by itself.
    private const double Apart = 24;

    public static async Task KillsAsync(ChaosRun run, CancellationToken ct)
    {
        await run.PauseAsync(run.Draw(5, 8), ct);
        await run.KillAsync("coordinator's node, the oldest", ct, run.ByAge[0]);
        await run.PauseAsync(Apart, ct);
        await run.WholeAsync(ct);
        await run.KillAsync("youngest", ct, run.ByAge[^1]);
        await run.PauseAsync(Apart, ct);
        await run.WholeAsync(ct);
        foreach (var node in run.Rig.Nodes)
        {
            await run.PauseAsync(run.Draw(0, 3), ct);
            await run.KillAsync("each in turn", ct, node);
            await run.PauseAsync(Apart, ct);
            await run.WholeAsync(ct);
        }

        var spared = run.DrawNode();
        await run.KillAsync("two at once", ct, [.. run.Rig.Nodes.Where(node => node != spared)]);
        await run.PauseAsync(Apart, ct);
        await run.WholeAsync(ct);
    }

    public static async Task OneKillAsync(ChaosRun run, CancellationToken ct)
    {
        await run.PauseAsync(run.Draw(4, 7), ct);
        await run.KillAsync("coordinator's node, the oldest", ct, run.ByAge[0]);
        await run.PauseAsync(18, ct);
    }

    public static Task RollingAsync(ChaosRun run, CancellationToken ct) => RollAsync(run, run.Rig.RulesA, ct);

    public static Task OtherRulesAsync(ChaosRun run, CancellationToken ct) => RollAsync(run, run.Rig.RulesB, ct);

    public static async Task FreezesAsync(ChaosRun run, CancellationToken ct)
    {
        await run.PauseAsync(run.Draw(5, 8), ct);
        await run.FreezeAsync(run.DrawNode(), TimeSpan.FromSeconds(20), ct);
        await run.PauseAsync(10, ct);
        await run.WholeAsync(ct);
        await run.FreezeAsync(run.DrawNode(), TimeSpan.FromSeconds(60), ct);
        await run.PauseAsync(10, ct);
        await run.WholeAsync(ct);
    }

    public static async Task OneFreezeAsync(ChaosRun run, CancellationToken ct)
    {
        await run.PauseAsync(run.Draw(4, 7), ct);
        await run.FreezeAsync(run.DrawNode(), TimeSpan.FromSeconds(20), ct);
        await run.PauseAsync(3, ct);
    }

    public static async Task ColdStartAsync(ChaosRun run, CancellationToken ct)
    {
        await run.PauseAsync(run.Draw(8, 12), ct);
        await run.BusyAsync("all", run.Rig.Nodes, ct);
        run.Note("kill -9", "every node and PostgreSQL");
        foreach (var node in run.Rig.Nodes)
        {
            node.Send(Signal.Kill);
        }

        if (run.Database is { } database)
        {
            await database.KillAsync();
            await database.StartAsync();
        }

        await run.PauseAsync(10, ct);
        await run.WholeAsync(ct);
    }

    private static async Task RollAsync(ChaosRun run, string rules, CancellationToken ct)
    {
        await run.PauseAsync(run.Draw(4, 7), ct);
        foreach (var node in run.Rig.Nodes)
        {
            await run.BusyAsync($"node {node.Setup.Number}", [node], ct);
            await run.RestartAsync(node, rules, ct);
            await run.PauseAsync(run.Draw(1, 4), ct);
        }
    }
}
