using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Data.Sqlite;
using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.EndToEnd.Tests;

/// <summary>The promises about taking events in, each test named after its row.</summary>
public sealed class AcceptanceTests
{
    [Fact]
    public async Task AnAcceptedEventIsNeverLost_KilledAfterThe200WhileKubernetesIsAway_ActsAfterTheRestart()
    {
        await using var rig = await TalonRig.CreateAsync();
        var (uid, container) = rig.AddPod("shop", "cart-0");
        await rig.Api.StopListeningAsync();
        await using var first = await rig.StartAsync();
        await rig.PostAsync(first, FalcoBody.ForPod("shop", "cart-0", container));
        await first.KillAsync();
        Assert.Equal(0, rig.Api.Effects.Count);

        await rig.Api.StartListeningAsync();
        await using var second = await rig.StartAsync();
        var journal = await rig.FinishAsync(second);

        Assert.IsType<ActionOutcome.Succeeded>(Assert.Single(journal.Events).Outcome);
        Assert.Equal(1, rig.Effects(uid, "delete"));
    }

    [Fact]
    public async Task WhatCannotBeAcceptedIsRefusedLoudly_BadRequests_AreAnsweredInOneLineAndCounted()
    {
        await using var rig = await TalonRig.CreateAsync(configuration: "ingress:\n  auth: token\n  token: 0123456789abcdef0123456789abcdef\n  max_body: 4Ki\n");
        await using var talon = await rig.StartAsync();
        await AssertRefusedAsync(await rig.SendAsync(talon, FalcoBody.ForPod("shop", "cart-0")), HttpStatusCode.Unauthorized);

        rig.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "0123456789abcdef0123456789abcdef");
        foreach (string body in (string[])["", "{", "null", "[]", "7", "not json"])
        {
            await AssertRefusedAsync(await rig.SendAsync(talon, body), HttpStatusCode.BadRequest);
        }

        var get = await rig.Client.GetAsync(talon.Address);
        await AssertRefusedAsync((get.StatusCode, await get.Content.ReadAsStringAsync(), get), HttpStatusCode.BadRequest);
        await AssertRefusedAsync(await rig.SendAsync(talon, FalcoBody.ForPod("shop", "cart-0", output: new string('x', 5000))), HttpStatusCode.RequestEntityTooLarge);

        rig.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("sidekick:0123456789abcdef0123456789abcdef")));
        Assert.Equal(HttpStatusCode.OK, (await rig.SendAsync(talon, "{}")).Status);
        string metrics = await rig.MetricsAsync(talon);
        foreach (var (cause, count) in (ReadOnlySpan<(string, int)>)[("auth", 1), ("body", 6), ("method", 1), ("size", 1)])
        {
            Assert.Matches($"(?m)^talon_ingress_refused_total\\{{[^}}]*cause=\"{cause}\"[^}}]*\\}} {count}( |$)", metrics);
        }

        Assert.Empty((await rig.FinishAsync(talon)).Events);

        static Task AssertRefusedAsync((HttpStatusCode Status, string Text, HttpResponseMessage Response) answer, HttpStatusCode expected)
        {
            Assert.Equal(expected, answer.Status);
            Assert.Matches("^[^\n]+\n?$", answer.Text);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task WhatCannotBeAcceptedIsRefusedLoudly_IntakeIsFull_OneBucketRefusesAndTheOthersGoOn()
    {
        await using var rig = await TalonRig.CreateAsync(configuration: "ingress:\n  max_body: 1Mi\n");
        await rig.Api.StopListeningAsync();
        await using var talon = await rig.StartAsync();
        string padding = new('x', 1_000_000);
        int number = 0;
        int accepted = 0;
        (HttpStatusCode Status, string Text, HttpResponseMessage Response) answer;
        do
        {
            string body;
            do
            {
                body = FalcoBody.Create(
                    $"event {++number}", FalcoBody.Now, ("k8s.ns.name", "shop"), ("k8s.pod.name", $"cart-{number}"), ("proc.cmdline", padding));
            }
            while (FalcoBody.BucketOf(body) != 3);
            answer = await rig.SendAsync(talon, body);
            accepted += answer.Status == HttpStatusCode.OK ? 1 : 0;
        }
        while (answer.Status == HttpStatusCode.OK && accepted < 100);

        // 64 MiB of bodies of a little over 1,000,000 bytes each.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal(67, accepted);
        Assert.NotNull(answer.Response.Headers.RetryAfter);
        Assert.Matches("^[^\n]+\n?$", answer.Text);
        Assert.Matches("(?m)^talon_ingress_refused_total\\{[^}]*cause=\"full\"[^}]*\\} 1( |$)", await rig.MetricsAsync(talon));
        string other;
        do
        {
            other = FalcoBody.Create($"event {number++}", FalcoBody.Now);
        }
        while (FalcoBody.BucketOf(other) == 3);
        await rig.PostAsync(talon, other);
        await talon.KillAsync();
        Assert.Equal(accepted + 1, JournalCopy.Read(rig.JournalFolder).Events.Count);
    }

    [Fact]
    public async Task WhatCannotBeAcceptedIsRefusedLoudly_NodeIsDraining_Answers503OrRefusesAndEndsWithItsActionDone()
    {
        await using var rig = await TalonRig.CreateAsync();
        var (uid, container) = rig.AddPod("shop", "cart-0");
        rig.AddPod("shop", "late-0");
        rig.Api.Faults.Add(FaultRule.Delay(TimeSpan.FromSeconds(3), "delete"));
        await using var talon = await rig.StartAsync();
        await rig.PostAsync(talon, FalcoBody.ForPod("shop", "cart-0", container));
        await Eventually.TrueAsync(() => rig.Api.Requests.All.Any(r => r.Verb == "delete"), talon.Tail);

        await talon.TerminateAsync();
        await talon.LineAsync(line => line.Result.Contains("shutting down", StringComparison.Ordinal), "shutting down");
        bool late = await rig.TryPostAsync(talon, FalcoBody.ForPod("shop", "late-0"));

        Assert.Equal(0, await talon.ExitAsync());
        var journal = JournalCopy.Read(rig.JournalFolder);
        Assert.IsType<ActionOutcome.Succeeded>(Assert.Single(journal.Of("cart-0")).Outcome);
        Assert.Equal(1, rig.Effects(uid, "delete"));
        Assert.Equal(late ? 1 : 0, journal.Of("late-0").Count);
    }

    [Fact]
    public async Task OneDeliveryIsAcceptedOnce_JournalIsSlow_TheIntakeAsksAgainAndOneEventIsAccepted()
    {
        await using var rig = await TalonRig.CreateAsync(configuration: "deduplication:\n  time_window_seconds: 0\n");
        var (uid, container) = rig.AddPod("shop", "cart-0");
        await using var talon = await rig.StartAsync();
        Task<bool> post;
        var where = new SqliteConnectionStringBuilder { DataSource = Path.Combine(rig.JournalFolder, "journal.db"), Pooling = false };
        await using (var connection = new SqliteConnection(where.ToString()))
        {
            connection.Open();
            await using var held = connection.BeginTransaction(deferred: false);
            post = rig.TryPostAsync(talon, FalcoBody.ForPod("shop", "cart-0", container));

            // The intake asks its bucket again after 2 s without an answer.
            await Eventually.TrueAsync(
                async () => (await rig.ReadyAsync(talon))["journal"]!["silent_seconds"]!.GetValue<int>() >= 3, () => "the journal is not held up");
            await held.RollbackAsync();
        }

        Assert.True(await post);
        var journal = await rig.FinishAsync(talon);
        Assert.IsType<ActionOutcome.Succeeded>(Assert.Single(journal.Events).Outcome);
        Assert.Equal(1, rig.Effects(uid, "delete"));
    }

    [Fact]
    public async Task DuplicateAlertsActOnce_SameEventManyTimes_AllAnswered200AndOneIsAccepted()
    {
        await using var rig = await TalonRig.CreateAsync(configuration: "deduplication:\n  time_window_seconds: 600\n");
        var (uid, container) = rig.AddPod("shop", "cart-0");
        await using var talon = await rig.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => rig.PostAsync(talon, FalcoBody.ForPod("shop", "cart-0", container))));
        await rig.FinishedAsync(talon);
        await talon.KillAsync();

        // The window outlives a restart.
        await using var second = await rig.StartAsync();
        await rig.PostAsync(second, FalcoBody.ForPod("shop", "cart-0", container));
        Assert.Matches("(?m)^talon_duplicate_events_total[^\n]* 1( |$)|(?m)^[a-z_]*duplicate[a-z_]*_total[^\n]* 1( |$)", await rig.MetricsAsync(second));
        var journal = await rig.FinishAsync(second);

        Assert.IsType<ActionOutcome.Succeeded>(Assert.Single(journal.Events).Outcome);
        Assert.Equal(1, rig.Effects(uid, "delete"));
    }

    [Fact]
    public async Task ThePlanIsKept_RulesChangeBetweenAcceptedAndTheAction_RunsAsAccepted()
    {
        await using var rig = await TalonRig.CreateAsync(RuleFiles.Label("first"));
        var (uid, container) = rig.AddPod("shop", "cart-0");
        await rig.Api.StopListeningAsync();
        await using var first = await rig.StartAsync();
        await rig.PostAsync(first, FalcoBody.ForPod("shop", "cart-0", container));
        await first.KillAsync();

        rig.UseRules(RuleFiles.Label("second"));
        await rig.Api.StartListeningAsync();
        await using var second = await rig.StartAsync();
        var journal = await rig.FinishAsync(second);

        Assert.IsType<ActionOutcome.Succeeded>(Assert.Single(journal.Events).Outcome);
        Assert.Equal("first", rig.Api.Store.FindPod("shop", "cart-0")!.Labels["rule-set"]);
        Assert.Equal(1, rig.Effects(uid, "patch"));
    }

    [Fact]
    public async Task AnAcceptedEventIsNeverLost_600SampleEvents_AllAnswered200AndAllFinish()
    {
        await using var rig = await TalonRig.CreateAsync(
            """
            - action: Mark Pod
              actionner: kubernetes:label
              parameters:
                labels:
                  suspicious: "true"

            - rule: Everything of the kernel
              match:
                source: syscall
              actions:
                - action: Mark Pod

            - rule: Everything of the API server
              match:
                source: k8s_audit
              actions:
                - action: Mark Pod
            """,
            "deduplication:\n  time_window_seconds: 0\n");
        await using var talon = await rig.StartAsync();
        string[] lines = [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Events"), "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines)];
        Assert.Equal(600, lines.Length);
        foreach (string[] batch in lines.Chunk(20))
        {
            await Task.WhenAll(batch.Select(line => rig.PostAsync(talon, FalcoBody.Restamp(line, FalcoBody.Now))));
        }

        await rig.FinishedAsync(talon);
        Assert.True((await rig.ReadyAsync(talon))["ready"]!.GetValue<bool>());
        Assert.DoesNotContain(talon.Log, line => line["level"] == "fatal" || line.Error.Contains("a fault in", StringComparison.Ordinal) || line["logger"].Length > 0 && line["level"] == "error");
        var journal = await rig.FinishAsync(talon);
        Assert.NotEmpty(journal.Events);
        Assert.All(journal.Events, e => Assert.True(e.IsComplete, e.ToString()));
    }
}
