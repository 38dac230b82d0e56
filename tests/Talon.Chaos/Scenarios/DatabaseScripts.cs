using Talon.Postgres;

namespace Talon.Chaos.Scenarios;

/// <summary>Faults of the database.</summary>
internal static class DatabaseScripts
{
    public static async Task AllAsync(ChaosRun run, CancellationToken ct)
    {
        var database = Of(run);
        await run.PauseAsync(run.Draw(5, 8), ct);
        await StopAsync(run, database, 30, ct);
        await run.PauseAsync(20, ct);

        await run.BusyAsync("all", run.Rig.Nodes, ct);
        run.Note("PostgreSQL killed -9", "and started again");
        await database.KillAsync();
        await run.PauseAsync(run.Draw(0, 3), ct);
        await database.StartAsync();
        await run.PauseAsync(20, ct);

        int cut = 0;
        for (int i = 0; i < 12; i++)
        {
            run.Note("PostgreSQL connections cut", $"{i + 1} of 12");
            cut += await database.CutConnectionsAsync();
            await run.PauseAsync(5, ct);
        }

        run.RequireTeeth(cut > 12, $"only {cut} connections were cut");
    }

    public static async Task OneStopAsync(ChaosRun run, CancellationToken ct)
    {
        await run.PauseAsync(run.Draw(4, 7), ct);
        await StopAsync(run, Of(run), 15, ct);
        await run.PauseAsync(3, ct);
    }

    public static async Task FreezeAsync(ChaosRun run, CancellationToken ct)
    {
        var database = Of(run);
        await run.PauseAsync(run.Draw(5, 8), ct);

        // Longer than the journal waits for an answer (10 s): what it was sent is committed after the bucket has given up.
        run.Note("PostgreSQL frozen", "for 13 s");
        database.Freeze();
        await run.PauseAsync(13, ct);
        database.Thaw();
        await run.PauseAsync(8, ct);
    }

    private static async Task StopAsync(ChaosRun run, PostgresServer database, double seconds, CancellationToken ct)
    {
        await run.BusyAsync("all", run.Rig.Nodes, ct);
        run.Note("PostgreSQL stopped", $"for {seconds:0} s");
        await database.StopAsync();
        await run.PauseAsync(seconds, ct);
        await database.StartAsync();
        run.Note("PostgreSQL started", "again");
    }

    private static PostgresServer Of(ChaosRun run) => run.Database ?? throw new ChaosException("the scenario needs PostgreSQL");
}
