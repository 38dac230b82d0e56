using Talon.Chaos.Checking;
using Talon.Chaos.Load;
using Talon.Chaos.Processes;
using Talon.Chaos.Records;
using Talon.Chaos.Rig;
using Talon.Chaos.Stores;
using Talon.Postgres;

namespace Talon.Chaos.Scenarios;

/// <summary>Runs scenarios: a new cluster on a new journal each, load and faults, the end of all work, the comparison.</summary>
internal sealed class ScenarioRunner(RunnerOptions options, PostgresServer? database, TimeProvider clock, Action<string> log)
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    /// <summary>Half of the writes take 0.4 s, so that some are always under way.</summary>
    public static Task AddBaseLatencyAsync(StandIn api, CancellationToken ct) =>
        api.AddFaultAsync(new { label = "base", verbs = (string[])["patch", "delete"], latency = "00:00:00.4", probability = 0.5 }, ct);

    public async Task<ScenarioResult> RunAsync(Scenario scenario, int seed, CancellationToken ct)
    {
        long began = clock.GetTimestamp();
        string folder = Directory.CreateDirectory(Path.Combine(options.Folder, $"{scenario.Id}-{seed}")).FullName;
        IJournalStore journal = database is null ? new SqliteStore(Path.Combine(folder, "journal")) : await PostgresStore.CreateAsync(database);
        await using var rig = await ClusterRig.StartAsync(
            new RigOptions { Nodes = database is null ? 1 : 3, Talon = options.Talon, Folder = folder, Window = scenario.Load.Window }, journal, clock, ct);
        await AddBaseLatencyAsync(rig.Api, ct);
        var plan = scenario.Load with { Rate = options.Rate ?? scenario.Load.Rate };
        var events = await rig.Api.MakeEventsAsync(0, plan.Events, number => plan.KindOf(number, seed), ct);
        var run = new ChaosRun(rig, database, plan, seed, clock, log);

        log($"{scenario.Id}, seed {seed}: at most {plan.Events} events at {plan.Rate:0} a second");
        using var client = new LoadClient(() => run.Targets, plan, seed, clock);
        await TogetherAsync(enough => client.RunAsync(events, enough, ct), scenario.Script(run, ct));
        foreach (var node in rig.Nodes)
        {
            node.Send(Signal.Continue);
        }

        await run.WholeAsync(ct);
        await FinishedAsync(scenario, rig, client, ct);
        await Task.Delay(Settle, clock, ct);

        // Also what a process had under way comes to its end before the effects are counted.
        var exits = rig.Exits;
        var lastExits = await rig.StopAsync();
        var (effects, repeats) = await rig.Api.EffectsAsync(ct);
        var record = new RunRecord
        {
            Events = events,
            Answers = client.Answers,
            Journal = await journal.ReadAsync(ct),
            Effects = effects,
            Repeats = repeats,
            Labels = await rig.Api.LabelsAsync(ct),
            Faults = run.Faults,
            Exits = exits,
            DuplicateWindow = plan.Window,
        };
        var progress = Progress.Of(record);
        return new ScenarioResult
        {
            Scenario = scenario,
            Seed = seed,
            Verdict = Checker.Check(record),
            Progress = progress,
            Faults = [.. record.Faults.Select((fault, i) => (fault, progress.After(fault.At, i + 1 < record.Faults.Count ? record.Faults[i + 1].At : null)))],
            Exits = exits,
            LastExits = lastExits,
            Toothless = run.Toothless,
            Duration = clock.GetElapsedTime(began),
            Folder = folder,
        };
    }

    // The load ends a moment after the script. One that fails must not leave the other running.
    private async Task TogetherAsync(Func<CancellationToken, Task> startLoad, Task script)
    {
        using var enough = new CancellationTokenSource();
        var load = startLoad(enough.Token);
        await await Task.WhenAny(load, script);
        if (!load.IsCompleted)
        {
            await Task.Delay(Settle, clock);
            await enough.CancelAsync();
        }

        await Task.WhenAll(load, script);
    }

    private async Task FinishedAsync(Scenario scenario, ClusterRig rig, LoadClient client, CancellationToken ct)
    {
        string left = "";
        bool finished = await Waiting.TryAsync(
            async () =>
            {
                try
                {
                    var events = JournalledEvent.Of(await rig.Journal.ReadAsync(ct));
                    var known = events.Select(e => e.Number).ToHashSet();
                    int open = events.Count(e => e.FirstUnfinished() is not null);
                    int missing = client.Answers.Where(a => a.Kind == AnswerKind.Accepted).Select(a => a.Number).Distinct().Count(number => !known.Contains(number));
                    left = $"{open} events are unfinished, {missing} are not in the journal";
                    return open == 0 && missing == 0;
                }
                catch (ChaosException e)
                {
                    left = e.Message;
                    return false;
                }
            },
            scenario.Patience,
            ct,
            TimeSpan.FromSeconds(1));
        if (!finished)
        {
            log($"not finished within {scenario.Patience.TotalSeconds:0} s: {left}");
        }
    }
}
