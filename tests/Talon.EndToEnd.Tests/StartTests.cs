using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Data.Sqlite;
using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.EndToEnd.Tests;

/// <summary>Starting, stopping, exit codes.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task RulesAreAllOrNothing_BrokenRuleFile_EveryErrorWithItsPlaceAndExitCode1()
    {
        await using var rig = await TalonRig.CreateAsync(
            """
            - action: Terminate Pod
              actionner: kubernetes:terminat

            - rule: Shell
              match:
                rules:
                  - Terminal shell in container
                priority: Loud
              actions:
                - action: Terminate Pod
                - action: No Such Action
                  actionner: nobody:knows
            """);
        await using var talon = rig.Launch();

        Assert.Equal(1, await talon.ExitAsync());
        await Eventually.TrueAsync(() => talon.Other.Contains("invalid rules:", StringComparison.Ordinal), talon.Tail);
        foreach (int line in (ReadOnlySpan<int>)[2, 8, 12])
        {
            Assert.Matches($@"rules\.yaml:{line}:\d+: ", talon.Other);
        }

        Assert.Null(talon.Address);
    }

    [Fact]
    public async Task Start_PortInUse_OneClearLineAndExitCode1()
    {
        await using var rig = await TalonRig.CreateAsync();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        rig.Environment["LISTEN_PORT"] = port.ToString();
        await using var ingress = rig.Launch();
        Assert.Equal(1, await ingress.ExitAsync());
        AssertOneFatalLine(ingress, $"127.0.0.1:{port}");

        rig.Environment["LISTEN_PORT"] = "0";
        rig.Environment["CLUSTER_PORT"] = port.ToString();
        await using var remoting = rig.Launch();
        Assert.Equal(1, await remoting.ExitAsync());
        AssertOneFatalLine(remoting, $"127.0.0.1:{port}");
    }

    [Fact]
    public async Task Start_SecondProcessOnTheSameJournal_OneClearLineAndExitCode1()
    {
        await using var rig = await TalonRig.CreateAsync();
        var (uid, container) = rig.AddPod("shop", "cart-0");
        await using var first = await rig.StartAsync();
        await using var second = rig.Launch();
        Assert.Equal(1, await second.ExitAsync());
        AssertOneFatalLine(second, "another Talon uses the journal");

        // The first one is not disturbed.
        await rig.PostAsync(first, FalcoBody.ForPod("shop", "cart-0", container));
        await rig.FinishAsync(first);
        Assert.Equal(1, rig.Effects(uid, "delete"));
    }

    [Fact]
    public async Task Start_TheIndexOfTheJournalIsGoneAndCannotBeMade_OneClearLineAndExitCode1()
    {
        await using var rig = await TalonRig.CreateAsync();
        await using (var first = await rig.StartAsync())
        {
            await rig.PostAsync(first, FalcoBody.ForPod("shop", "cart-0"));
            await first.KillAsync();
        }

        using (var connection = new SqliteConnection($"Data Source={Path.Combine(rig.JournalFolder, "journal.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            using var command = connection.CreateCommand();
            command.CommandText =
                """
                DROP INDEX journal_uq;
                INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier)
                SELECT created, deleted, persistence_id, sequence_number, message, manifest, identifier FROM journal LIMIT 1;
                """;
            await command.ExecuteNonQueryAsync();
        }

        await using var second = rig.Launch();
        Assert.Equal(1, await second.ExitAsync());
        AssertOneFatalLine(second, "has no unique index on (persistence_id, sequence_number), and it cannot be made");
    }

    [Fact]
    public async Task Stop_SigtermWithWorkWaiting_ExitsWith0AndTheRestIsDoneAfterTheNextStart()
    {
        await using var rig = await TalonRig.CreateAsync(configuration: "lanes:\n  short: 1\n");
        var uids = new List<string>();
        rig.Api.Faults.Add(FaultRule.Delay(TimeSpan.FromSeconds(2), "delete"));
        await using var first = await rig.StartAsync();
        for (int i = 0; i < 5; i++)
        {
            var (uid, container) = rig.AddPod("shop", $"cart-{i}");
            uids.Add(uid);
            await rig.PostAsync(first, FalcoBody.ForPod("shop", $"cart-{i}", container));
        }

        await Eventually.TrueAsync(() => rig.Api.Requests.All.Any(r => r.Verb == "delete"), first.Tail);
        await first.StopAsync();
        var journal = JournalCopy.Read(rig.JournalFolder);
        Assert.InRange(journal.Events.Count(e => e.IsComplete), 1, 4);

        rig.Api.Faults.Clear();
        await using var second = await rig.StartAsync();
        journal = await rig.FinishAsync(second);
        Assert.Equal(5, journal.Events.Count);
        Assert.All(journal.Events, e => Assert.IsType<ActionOutcome.Succeeded>(e.Outcome));
        Assert.All(uids, uid => Assert.Equal(1, rig.Effects(uid, "delete")));
    }

    [Fact]
    public async Task Start_WithoutKubernetes_IsDegradedAndTheActionRunsWhenTheApiAppears()
    {
        await using var rig = await TalonRig.CreateAsync();
        var (uid, container) = rig.AddPod("shop", "cart-0");
        await rig.Api.StopListeningAsync();
        await using var talon = await rig.StartAsync();
        await talon.LineAsync(line => line.Message == "health" && line["category"] == "kubernetes" && line.Error.StartsWith("degraded", StringComparison.Ordinal), "degraded");
        await rig.PostAsync(talon, FalcoBody.ForPod("shop", "cart-0", container));
        var ready = await rig.ReadyAsync(talon);
        Assert.True(ready["ready"]!.GetValue<bool>());
        var categories = ready["categories"]!.AsArray();
        Assert.Equal(["aws", "calico", "cilium", "gcp", "kubernetes"], categories.Select(one => one!["category"]!.GetValue<string>()));

        // No rule of these has anything to do with a cloud.
        Assert.All([categories[0], categories[3]], one => Assert.False(one!["degraded"]!.GetValue<bool>()));
        var category = categories[^1];
        Assert.True(category!["degraded"]!.GetValue<bool>());
        Assert.NotEmpty(category["reason"]!.GetValue<string>());
        Assert.Equal(1, ready["unfinished_events"]!.GetValue<int>());

        await rig.Api.StartListeningAsync();
        var journal = await rig.FinishAsync(talon);
        Assert.IsType<ActionOutcome.Succeeded>(Assert.Single(journal.Events).Outcome);
        Assert.Equal(1, rig.Effects(uid, "delete"));
    }

    [Theory]
    [InlineData("before-commit:Nothing")]
    [InlineData("before-call:TRACE")]
    [InlineData("at-commit:Started")]
    [InlineData("before-commit:Started#0")]
    public async Task FaultHost_UnknownFaultPoint_RefusesToStart(string point)
    {
        await using var rig = await TalonRig.CreateAsync();
        await using var talon = rig.Launch(point);

        Assert.Equal(2, await talon.ExitAsync());
        await Eventually.TrueAsync(() => talon.Other.Contains($"TALON_FAULT names no fault point: '{point}'", StringComparison.Ordinal), talon.Tail);
    }

    [Fact]
    public void ShippedExecutable_LookedThroughForFaultPoints_HasNone()
    {
        foreach (string name in (string[])["talon.dll", "Talon.Actors.dll", "Talon.Cluster.dll", "Talon.Rules.dll"])
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, name));
            foreach (string word in (string[])["TALON_FAULT", "FaultPoint", "FaultJournal", "SuddenDeath", "Talon.FaultHost"])
            {
                Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)));
                Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(word)));
            }
        }

        byte[] fault = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "talon-fault.dll"));
        Assert.NotEqual(-1, fault.AsSpan().IndexOf(Encoding.UTF8.GetBytes("FaultPoint")));
        Assert.NotEqual(-1, fault.AsSpan().IndexOf(Encoding.Unicode.GetBytes("TALON_FAULT")));
    }

    private static void AssertOneFatalLine(TalonProcess talon, string text)
    {
        var fatal = Assert.Single(talon.Log, line => line["level"] == "fatal");
        Assert.Contains(text, fatal.Error);
        Assert.DoesNotContain('\n', fatal.Error);
        Assert.DoesNotContain("   at ", talon.Tail());
    }
}
