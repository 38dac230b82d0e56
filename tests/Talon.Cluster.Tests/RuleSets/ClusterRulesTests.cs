using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Talon.Cluster.Forming;
using Talon.Cluster.Journal;
using Talon.Cluster.Node;
using Talon.Cluster.RuleSets;
using Talon.Cluster.Tests.Forming;

namespace Talon.Cluster.Tests.RuleSets;

/// <summary>Nodes tell each other which rules they work with.</summary>
[Trait("Speed", "Slow")]
public sealed class ClusterRulesTests
{
    private static readonly DateTimeOffset Since = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrentDictionary<int, ConcurrentQueue<RuleAgreement>> _said = new();

    [Fact]
    public async Task Publish_ThreeNodes_EachKnowsAllWithItsOwnFirst()
    {
        await using var nodes = await StaticNodes.StartAsync(3);
        var rules = StartAll(nodes);
        Assert.All(rules, one => Assert.Empty(one.Known));
        for (int i = 0; i < 3; i++)
        {
            rules[i].Publish(i == 2 ? "b" : "a", Since + TimeSpan.FromSeconds(i));
        }

        await nodes.WaitAsync(() => rules.All(one => one.Known.Count == 3));

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(nodes[i].Address, rules[i].Known[0].Node);
            Assert.Equal(
                new[] { "a", "a", "b" },
                rules[i].Known.Select(one => one.Hash).Order(StringComparer.Ordinal));
            Assert.Equal(Since + TimeSpan.FromSeconds(2), rules[i].Known.Single(one => one.Node == nodes[2].Address).Since);
            Assert.True(rules[i].Differ);
        }
    }

    [Fact]
    public async Task Publish_DifferentForLong_IsSaidOnceOnEachNodeAndSoIsTheEndOfIt()
    {
        await using var nodes = await StaticNodes.StartAsync(2);
        var rules = StartAll(nodes);
        rules[0].Publish("a", Since);
        rules[1].Publish("b", Since);
        await nodes.WaitAsync(() => rules.All(one => one.Differ));
        Pass(TimeSpan.FromSeconds(100));
        Assert.Empty(_said[0]);
        Pass(TimeSpan.FromSeconds(40));
        await nodes.WaitAsync(() => _said[0].Count == 1 && _said[1].Count == 1);
        Assert.Equal(nodes[1].Address, Assert.IsType<RuleAgreement.Differs>(_said[1].First()).Rules[0].Node);
        Pass(TimeSpan.FromSeconds(500));

        rules[1].Publish("a", Since);
        await nodes.WaitAsync(() => _said[0].Count == 2 && _said[1].Count == 2);
        Assert.Equal("a", Assert.IsType<RuleAgreement.Agrees>(_said[0].Last()).Hash);
        Assert.DoesNotContain(rules, one => one.Differ);
    }

    [Fact]
    public async Task Restart_OnTheSameAddress_OnlyTheNewProcessCounts()
    {
        await using var nodes = await StaticNodes.StartAsync(3);
        var rules = StartAll(nodes);
        for (int i = 0; i < 3; i++)
        {
            rules[i].Publish("old", Since);
        }

        await nodes.WaitAsync(() => rules.All(one => one.Known.Count == 3));
        await nodes.CrashAsync(1);
        await nodes.StartOneAsync(1);
        await nodes.SeeEachOtherAsync();

        // The new process has not told anything: what the old one told is no longer shown.
        await nodes.WaitAsync(() => rules[0].Known.Count == 2 && rules[2].Known.Count == 2);
        var restarted = ClusterRules.Start(nodes[1], _clock, _ => { });
        restarted.Publish("new", Since);
        await nodes.WaitAsync(() => new[] { rules[0], restarted, rules[2] }.All(one => one.Known.Count == 3));
        Assert.Equal("new", rules[0].Known.Single(one => one.Node == nodes[1].Address).Hash);

        // And it is taken out of what is replicated.
        Pass(TimeSpan.FromSeconds(10));
        await EntriesAsync(nodes[0], 3);
    }

    [Fact]
    public async Task Leave_Member_IsNotShownAnyMore()
    {
        await using var nodes = await StaticNodes.StartAsync(2);
        var rules = StartAll(nodes);
        rules[0].Publish("a", Since);
        rules[1].Publish("b", Since);
        await nodes.WaitAsync(() => rules.All(one => one.Differ));

        await nodes.StopAsync(1);
        await nodes.WaitAsync(() => rules[0].Known.Count == 1);
        Assert.False(rules[0].Differ);
        await EntriesAsync(nodes[0], 1, () => Pass(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Single_KnowsItself()
    {
        string folder = Directory.CreateTempSubdirectory("talon-test-").FullName;
        await using (var node = await TalonNode.StartAsync(
            new TalonClusterOptions { Port = 0, Journal = new JournalOptions.Sqlite(folder) }, NullLoggerFactory.Instance, null, CancellationToken.None))
        {
            var rules = ClusterRules.Start(node, TimeProvider.System, _ => { });
            rules.Publish("a", Since);
            using var deadline = new CancellationTokenSource(StaticNodes.Deadline);
            while (rules.Known.Count == 0)
            {
                await Task.Delay(10, deadline.Token);
            }

            Assert.Equal([new NodeRules(node.Address, "a", Since)], rules.Known);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task EntriesAsync(TalonNode node, int count, Action? between = null)
    {
        var replicator = Akka.DistributedData.DistributedData.Get(node.System);
        var key = new Akka.DistributedData.LWWDictionaryKey<string, string>("talon-rules");
        using var deadline = new CancellationTokenSource(StaticNodes.Deadline);
        while ((await replicator.GetAsync(key, cancellation: deadline.Token))?.Count != count)
        {
            between?.Invoke();
            await Task.Delay(20, deadline.Token);
        }
    }

    private ClusterRules[] StartAll(StaticNodes nodes) =>
    [
        .. Enumerable.Range(0, nodes.Count).Select(i =>
        {
            var said = _said[i] = new ConcurrentQueue<RuleAgreement>();
            return ClusterRules.Start(nodes[i], _clock, said.Enqueue);
        }),
    ];

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(5))
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
        }
    }
}
