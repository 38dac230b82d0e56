using Talon.Actors.Telemetry;
using Talon.Cluster.Node;
using Talon.Cluster.RuleSets;

namespace Talon.Host.Reload;

/// <summary>Publishes to the cluster which rules this node works with, at the start and at every swap; logs when nodes differ for long.</summary>
internal sealed class SharedRules : ISharedRules
{
    private readonly Lock _lock = new();
    private readonly RuleBook _book;
    private readonly ClusterRules _cluster;

    public IReadOnlyList<NodeRules> Known => _cluster.Known;

    public bool Differ => _cluster.Differ;

    /// <param name="node">The node, a member of its cluster.</param>
    public SharedRules(TalonNode node, RuleBook book, ITalonLog log, TimeProvider time)
    {
        _book = book;
        _cluster = ClusterRules.Start(node, time, word => log.Write(Line(word)));
        book.OnSwap(Publish);
        Publish();
    }

    /// <summary>What the log says.</summary>
    internal static LogLine Line(RuleAgreement word) => word switch
    {
        RuleAgreement.Differs differs => new LogLine("rules")
        {
            Level = LogLineLevel.Warn,
            Result = "the nodes work with different rules for over two minutes: "
                + string.Join(", ", differs.Rules.Select(one => $"{one.Node} hash {one.Hash} since {one.Since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}"))
                + "; an accepted event keeps the plan it got, but what is planned depends on the node that receives an event",
        },
        RuleAgreement.Agrees agrees => new LogLine("rules") { Result = $"all nodes work with the same rules again (hash {agrees.Hash})" },
        _ => throw new ArgumentOutOfRangeException(nameof(word), word.GetType().Name, "no such word"),
    };

    // The set in force is read under the lock: of two concurrent swaps the later one is published last.
    private void Publish()
    {
        lock (_lock)
        {
            var status = _book.Status;
            _cluster.Publish(status.Rules.Hash, status.LoadedAt);
        }
    }
}
