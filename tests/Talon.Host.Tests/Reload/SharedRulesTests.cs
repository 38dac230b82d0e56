using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Talon.Actors.Telemetry;
using Talon.Cluster.Forming;
using Talon.Cluster.Journal;
using Talon.Cluster.Node;
using Talon.Cluster.RuleSets;
using Talon.Host.Reload;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Reload;

public sealed class SharedRulesTests
{
    [Fact]
    public async Task Start_AndEverySwap_TellTheHashInForce()
    {
        using var folder = new TempFolder();
        using var meters = new TestMeters();
        var book = new RuleBook(TestRules.Load(TestRules.Shell), meters.Meters, TimeProvider.System);
        await using var node = await TalonNode.StartAsync(
            new TalonClusterOptions { Port = 0, Journal = new JournalOptions.Sqlite(folder.Path) }, NullLoggerFactory.Instance, null, CancellationToken.None);
        var shared = new SharedRules(node, book, new ListLog(), TimeProvider.System);

        await Eventually.TrueAsync(() => shared.Known is [{ } own] && own.Hash == book.Current.Hash, "the first set is told");
        Assert.Equal(node.Address, shared.Known[0].Node);
        string first = book.Current.Hash;
        book.Swap(TestRules.Load(""));
        await Eventually.TrueAsync(() => shared.Known is [{ } own] && own.Hash == book.Current.Hash, "the second set is told");

        Assert.NotEqual(first, shared.Known[0].Hash);
    }

    [Fact]
    public void Line_Differs_IsAWarningWithEveryNode()
    {
        var since = new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
        ImmutableArray<NodeRules> rules = [new("akka.tcp://talon@b:4053", "beef", since), new("akka.tcp://talon@a:4053", "cafe", since)];

        var line = SharedRules.Line(new RuleAgreement.Differs(rules));

        Assert.Equal(LogLineLevel.Warn, line.Level);
        Assert.Contains(
            "akka.tcp://talon@b:4053 hash beef since 2026-11-29T12:00:00Z, akka.tcp://talon@a:4053 hash cafe since", line.Result, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_Agrees_SaysWithWhat()
    {
        var line = SharedRules.Line(new RuleAgreement.Agrees("beef"));

        Assert.Equal(LogLineLevel.Info, line.Level);
        Assert.Contains("beef", line.Result, StringComparison.Ordinal);
    }
}
