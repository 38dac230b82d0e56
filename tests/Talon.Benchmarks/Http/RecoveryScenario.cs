using System.Diagnostics;
using System.Globalization;
using Talon.Benchmarks.Load;
using Talon.Benchmarks.Processes;
using Talon.Postgres;

namespace Talon.Benchmarks.Http;

/// <summary>How long a node takes to recover all buckets of a journal on PostgreSQL with 100,000 facts, after a kill -9.</summary>
internal static class RecoveryScenario
{
    // Two facts each: accepted and finished.
    private const int Finished = 50_500;
    private const int Unfinished = 2_000;
    private const int Starts = 3;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    public static async Task<Row> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        string folder = bench.NewFolder();
        await using var postgres = await PostgresServer.StartNewAsync(new PostgresSettings { Fsync = true });
        string database = await postgres.CreateDatabaseAsync();
        string rules = RuleTexts.Matching("actionner: kubernetes:terminate", dryRun: true);
        string journal = $"{{provider: postgresql, connection_string: \"{postgres.ConnectionString(database)}\"}}";
        var kubernetes = await KubeApiStandIn.StartAsync(folder, Pods.Lasting, cancellationToken);
        await using (kubernetes)
        {
            await using var talon = await TalonServer.StartAsync(folder, rules, kubernetes.Kubeconfig, cancellationToken, journal: journal);
            await SendAsync(bench, talon, Finished, cancellationToken);
            await UnfinishedAsync(talon, 0, cancellationToken);
            await kubernetes.DisposeAsync();

            // Nothing answers any more: what comes now stays unfinished.
            await SendAsync(bench, talon, Unfinished, cancellationToken);
        }

        object? facts = await postgres.ScalarAsync(database, "SELECT count(*) FROM journal WHERE NOT deleted");
        object? saved = await postgres.ScalarAsync(database, "SELECT count(*) FROM snapshot");
        object? buckets = await postgres.ScalarAsync(database, "SELECT count(DISTINCT persistence_id) FROM journal");
        var notes = new List<string>
        {
            $"{facts} facts and {saved} snapshots of {buckets} buckets, {Unfinished} events unfinished; each node before ended with kill -9",
        };
        foreach (bool snapshots in new[] { true, false })
        {
            var times = new List<string>();
            for (int i = 0; i < Starts; i++)
            {
                if (!snapshots)
                {
                    await postgres.ExecuteAsync(database, "DELETE FROM snapshot");
                }

                var clock = Stopwatch.StartNew();
                await using var talon = await TalonServer.StartAsync(folder, rules, kubernetes.Kubeconfig, cancellationToken, journal: journal);
                await UnfinishedAsync(talon, Unfinished, cancellationToken);
                times.Add(clock.Elapsed.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture));
            }

            notes.Add($"start of the process to all buckets recovered and ready, {(snapshots ? "with" : "without")} snapshots: {string.Join(", ", times)} s");
        }

        return new Row { Notes = notes };
    }

    private static async Task SendAsync(Bench bench, TalonServer talon, int count, CancellationToken cancellationToken)
    {
        var serial = new Serial(count);
        var now = bench.Now;
        var load = await LoadGenerator.RunAsync(
            new LoadPlan
            {
                Server = talon.Address,
                Connections = bench.Connections(64),
                Duration = Deadline,
                Requests = connection => ShellEvents.About(talon.Address, Pods.Name(connection % Pods.Lasting), serial, now),
            },
            cancellationToken);
        if (load.Accepted != count)
        {
            throw new BenchmarkException($"{load.Accepted} of {count} events were accepted:\n{talon.Process.Tail}");
        }
    }

    private static async Task UnfinishedAsync(TalonServer talon, int count, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (await talon.UnfinishedAsync(cancellationToken) is var left && left != count)
        {
            if (clock.Elapsed > Deadline)
            {
                throw new BenchmarkException($"{left} events are unfinished, not {count}:\n{talon.Process.Tail}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }
}
