using Talon.Chaos.Rig;

namespace Talon.Chaos.Scenarios;

/// <summary>Two incarnations of one bucket that both write: only the unique key of the journal keeps them apart.</summary>
internal static class TwinScripts
{
    public static async Task AllAsync(ChaosRun run, CancellationToken ct)
    {
        await run.PauseAsync(run.Draw(5, 8), ct);

        // Longer than the others need to take its buckets over: it wakes up as a second owner, with requests waiting in its sockets.
        await run.FreezeAsync(run.DrawNode(), TimeSpan.FromSeconds(30), ct);
        await run.PauseAsync(12, ct);
        await run.WholeAsync(ct);

        var stranger = run.Rig.AddStranger();
        run.Note("second cluster", $"node {stranger.Setup.Number} on the same journal");
        stranger.Start();
        bool ready = await Waiting.TryAsync(
            async () => (await run.Rig.StatusAsync(stranger, ct))?["ready"]?.GetValue<bool>() == true, TimeSpan.FromSeconds(60), ct);
        run.RequireTeeth(ready, "the second cluster did not come up");
        run.Targets = [.. run.Targets, stranger.Setup.Address];
        await run.PauseAsync(20, ct);
        run.Targets = [.. run.Targets.SkipLast(1)];
        run.Note("second cluster ends", "killed -9");
        await stranger.StopAsync(TimeSpan.Zero);
        await run.PauseAsync(10, ct);
    }
}
