using System.Collections.Concurrent;
using Talon.Chaos.Checking;
using Talon.Chaos.Load;
using Talon.Chaos.Processes;
using Talon.Chaos.Records;
using Talon.Chaos.Rig;
using Talon.Postgres;

namespace Talon.Chaos.Scenarios;

/// <summary>What the script of a scenario works with while its load goes on.</summary>
internal sealed class ChaosRun
{
    private static readonly TimeSpan BackDeadline = TimeSpan.FromSeconds(90);

    private readonly TimeProvider _clock;
    private readonly int _seed;
    private readonly Action<string> _log;
    private readonly ConcurrentQueue<FaultMoment> _faults = new();
    private readonly ConcurrentQueue<string> _toothless = new();
    private readonly bool _execs;
    private int _draws;

    public ChaosRun(ClusterRig rig, PostgresServer? database, LoadPlan load, int seed, TimeProvider clock, Action<string> log)
    {
        Rig = rig;
        _execs = load.Mix.Any(m => m.Kind == WorkKind.Exec);
        Database = database;
        _seed = seed;
        _clock = clock;
        _log = log;
        Targets = [.. rig.Nodes.Select(node => node.Setup.Address)];
    }

    public ClusterRig Rig { get; }

    public StandIn Api => Rig.Api;

    /// <summary>The database server; null with one node on SQLite.</summary>
    public PostgresServer? Database { get; }

    /// <summary>Where the load goes; a script may add an address.</summary>
    public IReadOnlyList<Uri> Targets { get; set; }

    public IReadOnlyList<FaultMoment> Faults => [.. _faults];

    /// <summary>Why the run shows less than it should: a fault that did not bite.</summary>
    public IReadOnlyList<string> Toothless => [.. _toothless];

    /// <summary>Nodes by age of their process, the oldest first. The oldest member runs the sharding coordinator.</summary>
    public IReadOnlyList<SupervisedNode> ByAge => [.. Rig.Nodes.OrderBy(node => node.StartedAt)];

    /// <summary>Draws a span from the seed.</summary>
    public TimeSpan Draw(double fromSeconds, double toSeconds) =>
        TimeSpan.FromSeconds(fromSeconds + ((toSeconds - fromSeconds) * Draws.Of(_seed, _draws++, "script")));

    /// <summary>Draws a node from the seed.</summary>
    public SupervisedNode DrawNode() => Rig.Nodes[Draws.Below(Rig.Nodes.Count, _seed, _draws++, "script")];

    public Task PauseAsync(double seconds, CancellationToken ct) => Task.Delay(TimeSpan.FromSeconds(seconds), _clock, ct);

    public Task PauseAsync(TimeSpan time, CancellationToken ct) => Task.Delay(time, _clock, ct);

    /// <summary>Notes a fault of this moment.</summary>
    public void Note(string kind, string what)
    {
        _faults.Enqueue(new FaultMoment(_clock.GetUtcNow(), kind, what));
        _log($"{kind}: {what}");
    }

    /// <summary>Says that the fault did not do what the scenario is about.</summary>
    public void RequireTeeth(bool bites, string otherwise)
    {
        if (!bites)
        {
            _toothless.Enqueue(otherwise);
            _log($"no teeth: {otherwise}");
        }
    }

    /// <summary>kill -9, at a moment when each of them runs actions.</summary>
    public async Task KillAsync(string who, CancellationToken ct, params IReadOnlyList<SupervisedNode> nodes)
    {
        await BusyAsync(who, nodes, ct);
        Note("kill -9", $"{who} ({Names(nodes)})");
        foreach (var node in nodes)
        {
            node.Send(Signal.Kill);
        }
    }

    /// <summary>
    /// Waits until each of the nodes has an action under way whose <c>Started</c> is in the journal: a command, when the load has some, for
    /// only these show a second run.
    /// </summary>
    public async Task BusyAsync(string who, IReadOnlyList<SupervisedNode> nodes, CancellationToken ct)
    {
        bool busy = await Waiting.TryAsync(
            async () =>
            {
                var running = InFlight.Of(await Rig.Journal.ReadAsync(ct), execsOnly: _execs);
                return nodes.All(node => running.Any(address => address.EndsWith($":{node.Setup.ClusterPort}", StringComparison.Ordinal)));
            },
            TimeSpan.FromSeconds(60),
            ct,
            TimeSpan.FromMilliseconds(100));
        RequireTeeth(busy, $"{who}: no action was under way");
    }

    /// <summary>Waits until the cluster is whole again.</summary>
    public async Task WholeAsync(CancellationToken ct)
    {
        try
        {
            await Rig.ReadyAsync(BackDeadline, ct);
        }
        catch (ChaosException e)
        {
            RequireTeeth(false, e.Message);
        }
    }

    /// <summary>SIGTERM, and a new process with the given rules in its place.</summary>
    public async Task RestartAsync(SupervisedNode node, string rules, CancellationToken ct)
    {
        int exits = Rig.Exits.Count(exit => exit.Node == node.Setup.Number);
        node.Rules = rules;
        Note("SIGTERM", $"node {node.Setup.Number}");
        node.Send(Signal.Terminate);
        bool ended = await Waiting.TryAsync(() => Task.FromResult(Rig.Exits.Count(exit => exit.Node == node.Setup.Number) > exits), BackDeadline, ct);
        RequireTeeth(ended, $"node {node.Setup.Number} did not end after SIGTERM");
        var exit = Rig.Exits.LastOrDefault(e => e.Node == node.Setup.Number);
        RequireTeeth(exit?.Code == 0, $"node {node.Setup.Number} ended with {exit?.Code} after SIGTERM");
        await WholeAsync(ct);
    }

    /// <summary>SIGSTOP while it runs actions, and SIGCONT after a time.</summary>
    public async Task FreezeAsync(SupervisedNode node, TimeSpan length, CancellationToken ct)
    {
        await BusyAsync($"node {node.Setup.Number}", [node], ct);
        Note("SIGSTOP", $"node {node.Setup.Number} for {length.TotalSeconds:0} s");
        node.Send(Signal.Stop);
        await PauseAsync(length, ct);
        Note("SIGCONT", $"node {node.Setup.Number}");
        node.Send(Signal.Continue);
    }

    public static string Names(IReadOnlyList<SupervisedNode> nodes) => string.Join(", ", nodes.Select(node => $"node {node.Setup.Number}"));
}
