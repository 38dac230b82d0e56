using System.Collections.Concurrent;
using System.Net;
using Talon.EndToEnd.Tests.Support;
using Talon.Rules.Outcomes;

namespace Talon.EndToEnd.Tests;

/// <summary>Rule files that change while events come in.</summary>
public sealed class ReloadTests
{
    private const int Swaps = 6;
    private const int Clients = 6;
    private const int RulesOfASet = 6;

    // How many events may be sent between two looks at /readyz: a load without end, and without a queue that only grows.
    private const int Pace = 3;

    [Fact]
    public async Task AnAcceptedEventIsNeverLost_RulesAreSwappedUnderLoad_EveryPlanIsWhollyFromOneSet()
    {
        await using var rig = await TalonRig.CreateAsync(Set("a"));
        await using var talon = await rig.StartAsync();
        var names = new Dictionary<string, string>(StringComparer.Ordinal) { [await HashAsync()] = "a" };
        using var permits = new SemaphoreSlim(Pace);
        using var stop = new CancellationTokenSource();
        var answers = new ConcurrentDictionary<string, HttpStatusCode>(StringComparer.Ordinal);
        var clients = Enumerable.Range(0, Clients).Select(client => PostAsync(client)).ToArray();

        for (int swap = 1; swap <= Swaps; swap++)
        {
            string set = swap % 2 == 0 ? "a" : "b";
            string before = await HashAsync();
            rig.ReplaceRules(Set(set));
            string? after = null;
            await Eventually.TrueAsync(
                async () =>
                {
                    permits.Release(Pace);
                    after = await HashAsync();
                    return after != before;
                },
                () => $"swap {swap} does not take effect\n{talon.Tail()}");
            Assert.True(names.TryAdd(after!, set) || names[after!] == set);
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients);
        string metrics = await rig.MetricsAsync(talon);
        var journal = await rig.FinishAsync(talon);

        Assert.Equal(2, names.Count);
        Assert.Matches($"(?m)^talon_rules_reloads_total\\{{[^}}]*result=\"success\"[^}}]*\\}} {Swaps}( |$)", metrics);
        Assert.Matches("(?m)^talon_rules_reloads_total\\{[^}]*result=\"failure\"[^}]*\\} 0( |$)", metrics);
        Assert.True(answers.Count > Swaps * Clients, $"only {answers.Count} events in {Swaps} swaps");
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Value));

        var events = journal.Events;
        Assert.Equal(answers.Keys.Order(StringComparer.Ordinal), events.Select(e => e.Accepted.Event.Output).Order(StringComparer.Ordinal));
        Assert.All(events, e =>
        {
            Assert.Equal(RuleNames(names[e.Accepted.Plan.RuleSetHash]), e.Accepted.Plan.Rules.Select(rule => rule.Name));
            Assert.True(e.IsComplete, e.ToString());
            Assert.All(e.Finished, finished => Assert.IsNotType<ActionOutcome.Failed>(finished.Outcome));
        });
        Assert.Equal(2, events.Select(e => e.Accepted.Plan.RuleSetHash).Distinct().Count());
        Assert.Equal(0, rig.Api.Effects.Count);

        async Task<string> HashAsync() => (await rig.ReadyAsync(talon))["rules"]!["hash"]!.GetValue<string>();

        async Task PostAsync(int client)
        {
            for (int number = 0; ; number++)
            {
                try
                {
                    await permits.WaitAsync(stop.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }

                string output = $"client {client} event {number}";
                var (status, _, response) = await rig.SendAsync(talon, FalcoBody.ForPod("shop", "cart-0", output: output));
                response.Dispose();
                Assert.True(answers.TryAdd(output, status));
            }
        }
    }

    private static IEnumerable<string> RuleNames(string set) => Enumerable.Range(0, RulesOfASet).Select(i => $"{set}{i}");

    // All rules of both sets match every event; only the names tell the sets apart.
    private static string Set(string set) =>
        "- action: Terminate Pod\n  actionner: kubernetes:terminate\n" + string.Concat(RuleNames(set).Select(name => $"""

        - rule: {name}
          dry_run: true
          match:
            source: syscall
          actions:
            - action: Terminate Pod

        """));
}
