using System.Text.Json.Nodes;
using Talon.Cluster.Wire;
using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.EndToEnd.Tests;

/// <summary>The promises about running actions, each test named after its row.</summary>
public sealed class ActionTests
{
    [Fact]
    public async Task AnActionThatWasRunningWhenItsNodeDied_KilledDuringTheCall_IsResumedWithOneEffect()
    {
        await using var rig = await TalonRig.CreateAsync();
        var (uid, container) = rig.AddPod("shop", "cart-0", new PodSeed { TerminationGracePeriodSeconds = 3000 });
        rig.Api.Faults.Add(FaultRule.Of(FaultKind.StallHeaders, times: 1, "delete"));
        await using var first = await rig.StartAsync();
        await rig.PostAsync(first, FalcoBody.ForPod("shop", "cart-0", container));
        await Eventually.TrueAsync(() => rig.Effects(uid, "delete") == 1, first.Tail);
        await first.KillAsync();

        await using var second = await rig.StartAsync();
        var outcome = await second.OutcomeAsync("cart-0");
        var journal = await rig.FinishAsync(second);

        Assert.Equal("success", outcome.Status);
        var journalled = Assert.Single(journal.Events);
        Assert.Single(journalled.Facts.OfType<Facts.Resumed>());
        Assert.All(journalled.Facts.OfType<Facts.Started>(), started => Assert.Equal(uid, started.Target!.Uid));
        Assert.IsType<ActionOutcome.Succeeded>(journalled.Outcome);
        Assert.Equal(1, rig.Effects(uid, "delete"));
    }

    [Fact]
    public async Task AnActionThatWasRunningWhenItsNodeDied_NotRepeatSafeButItAsksForIt_RunsAgain()
    {
        await using var rig = await TalonRig.CreateAsync(RuleFiles.Exec("  retry_interrupted: true"));
        var (_, container) = rig.AddPod("shop", "cart-0");
        rig.Api.Kubelets.OnExec(_ => rig.Api.Kubelets.Execs.Count == 1 ? new ExecScript { End = ExecEnd.Stall } : ExecScript.Print("0"));
        await using var first = await rig.StartAsync();
        await rig.PostAsync(first, FalcoBody.ForPod("shop", "cart-0", container));
        await Eventually.TrueAsync(() => rig.Api.Kubelets.Execs.Count == 1, first.Tail);
        await first.KillAsync();

        await using var second = await rig.StartAsync();
        var journal = await rig.FinishAsync(second);
        Assert.IsType<ActionOutcome.Succeeded>(Assert.Single(journal.Events).Outcome);
        Assert.Equal(2, rig.Api.Kubelets.Execs.Count);
    }

    [Fact]
    public async Task TransientTroubleIsRetried_ApiFailsTwice_OneEffectAndSuccess()
    {
        (string Pod, FaultRule Fault, int Retries, int LeastDelayMs)[] troubles =
        [
            ("answer-500", FaultRule.Answer(500, times: 2, "delete"), 2, 400),
            ("answer-429", FaultRule.Answer(429, times: 2, "delete") with { RetryAfterSeconds = 2 }, 2, 2000),
            ("reset-before", FaultRule.Of(FaultKind.ResetBeforeEffect, times: 2, "delete"), 2, 400),
            ("reset-after", FaultRule.Of(FaultKind.ResetAfterEffect, times: 2, "delete"), 1, 400),
            ("502-of-a-proxy", FaultRule.Of(FaultKind.HtmlBody502, times: 2, "delete"), 2, 400),
        ];
        await using var rig = await TalonRig.CreateAsync();
        await using var talon = await rig.StartAsync();
        var uids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (pod, fault, _, _) in troubles)
        {
            (uids[pod], string container) = rig.AddPod("shop", pod, new PodSeed { TerminationGracePeriodSeconds = 3000 });
            rig.Api.Faults.Add(fault with { Name = $"^{pod}$" });

            // One after the other: none retries while another is in trouble.
            await rig.PostAsync(talon, FalcoBody.ForPod("shop", pod, container));
            await rig.FinishedAsync(talon);
        }

        var journal = await rig.FinishAsync(talon);

        Assert.Equal(troubles.Length, journal.Events.Count);
        Assert.All(troubles, trouble =>
        {
            var journalled = Assert.Single(journal.Of(trouble.Pod));
            Assert.IsType<ActionOutcome.Succeeded>(journalled.Outcome);
            Assert.Equal(1, rig.Effects(uids[trouble.Pod], "delete"));
            var retries = journalled.Facts.OfType<Facts.RetryScheduled>().ToList();
            Assert.Equal(trouble.Retries, retries.Count);
            Assert.All(retries, retry => Assert.True(retry.DelayMs >= trouble.LeastDelayMs, retry.ToString()));
        });
    }

    [Fact]
    public async Task TransientTroubleIsRetried_OtherClientErrors_AreFinalAtOnce()
    {
        (string Pod, int Status, FailureKind Kind)[] errors = [("answer-403", 403, FailureKind.Forbidden), ("answer-400", 400, FailureKind.Rejected)];
        await using var rig = await TalonRig.CreateAsync();
        await using var talon = await rig.StartAsync();
        foreach (var (pod, status, _) in errors)
        {
            var (_, container) = rig.AddPod("shop", pod);
            rig.Api.Faults.Add(FaultRule.Answer(status, null, "delete") with { Name = $"^{pod}$" });
            await rig.PostAsync(talon, FalcoBody.ForPod("shop", pod, container));
        }

        var journal = await rig.FinishAsync(talon);

        Assert.Equal(errors.Length, journal.Events.Count);
        Assert.All(errors, error =>
        {
            Assert.Equal(error.Kind, Assert.IsType<ActionOutcome.Failed>(Assert.Single(journal.Of(error.Pod)).Outcome).Kind);
            Assert.Single(rig.Api.Requests.All, r => r.Verb == "delete" && r.Name == error.Pod);
        });
        Assert.Equal(0, rig.Api.Effects.Count);
    }

    [Fact]
    public async Task OldWorkDoesNotAct_KubernetesComesBackAfterMaxAge_EndsAsExpired()
    {
        await using var rig = await TalonRig.CreateAsync(configuration: "max_age: 2s\n");
        var (_, container) = rig.AddPod("shop", "cart-0");
        await rig.Api.StopListeningAsync();
        await using var talon = await rig.StartAsync();
        await rig.PostAsync(talon, FalcoBody.ForPod("shop", "cart-0", container));
        var outcome = await talon.OutcomeAsync("cart-0");
        Assert.Equal("expired", outcome.Result);

        await rig.Api.StartListeningAsync();
        await talon.LineAsync(line => line.Message == "health" && line.Result == "reachable", "Kubernetes is reachable");
        var journal = await rig.FinishAsync(talon);
        Assert.Equal(FailureKind.Expired, Assert.IsType<ActionOutcome.Failed>(Assert.Single(journal.Events).Outcome).Kind);
        Assert.DoesNotContain(rig.Api.Requests.All, r => r.Verb == "delete");
    }

    [Fact]
    public async Task UidsOnEveryDestructiveWrite_LabelAndTerminate_BothCarryTheUidOfThePod()
    {
        await using var rig = await TalonRig.CreateAsync(RuleFiles.LabelAndTerminate);
        var (uid, container) = rig.AddPod("shop", "cart-0");
        await using var talon = await rig.StartAsync();
        await rig.PostAsync(talon, FalcoBody.ForPod("shop", "cart-0", container));
        await rig.FinishAsync(talon);

        var delete = Assert.Single(rig.Api.Requests.All, r => r.Method == "DELETE");
        Assert.Equal(uid, JsonNode.Parse(delete.Body)!["preconditions"]!["uid"]!.GetValue<string>());
        var patch = Assert.Single(rig.Api.Requests.All, r => r.Method == "PATCH");
        Assert.Equal(uid, JsonNode.Parse(patch.Body)!["metadata"]!["uid"]!.GetValue<string>());
        Assert.StartsWith("application/merge-patch+json", patch.ContentType);
        Assert.Equal(2, rig.Api.Effects.CountFor(uid));
    }

    [Fact]
    public async Task ASlowActionDelaysNobodyElse_OneCallHangs_AllOthersFinishMeanwhile()
    {
        await using var rig = await TalonRig.CreateAsync();
        var (slowUid, slowContainer) = rig.AddPod("shop", "slow");
        rig.Api.Faults.Add(new FaultRule { Verbs = ["delete"], Name = "^slow$", Latency = TimeSpan.FromSeconds(25) });
        await using var talon = await rig.StartAsync();
        await rig.PostAsync(talon, FalcoBody.ForPod("shop", "slow", slowContainer));
        await Eventually.TrueAsync(() => rig.Api.Requests.All.Any(r => r is { Verb: "delete", Name: "slow" }), talon.Tail);
        for (int i = 0; i < 40; i++)
        {
            var (_, container) = rig.AddPod("shop", $"quick-{i}");
            await rig.PostAsync(talon, FalcoBody.ForPod("shop", $"quick-{i}", container));
        }

        await Eventually.TrueAsync(async () => (await rig.ReadyAsync(talon))["unfinished_events"]!.GetValue<int>() == 1, talon.Tail, TimeSpan.FromSeconds(20));
        Assert.Equal(40, rig.Api.Effects.Count);
        Assert.Equal(0, rig.Effects(slowUid, "delete"));
        Assert.DoesNotContain(talon.Log, line => line["event"] == "slow" && line.Status == "success");
    }

    [Fact]
    public async Task BrakesFromTheFirstDay_ProtectedNamespace_IsIgnoredWithoutAWrite()
    {
        (string Namespace, string Reason)[] brakes =
        [
            ("kube-system", "the namespace kube-system is protected"),
            ("falco", "the namespace falco is Talon's own and protected"),
        ];
        await using var rig = await TalonRig.CreateAsync(RuleFiles.LabelAndTerminate);
        await using var talon = await rig.StartAsync();
        foreach (var (ns, _) in brakes)
        {
            var (_, container) = rig.AddPod(ns, $"dns-of-{ns}");
            await rig.PostAsync(talon, FalcoBody.ForPod(ns, $"dns-of-{ns}", container));
        }

        var journal = await rig.FinishAsync(talon);

        Assert.Equal(brakes.Length, journal.Events.Count);
        Assert.All(brakes, brake => Assert.All(
            Assert.Single(journal.Of($"dns-of-{brake.Namespace}")).Finished,
            f => Assert.Equal(brake.Reason, Assert.IsType<ActionOutcome.Ignored>(f.Outcome).Reason)));
        Assert.DoesNotContain(rig.Api.Requests.All, r => r.Method != "GET");
    }

    [Fact]
    public async Task BrakesFromTheFirstDay_DryRunOfTheConfiguration_HoldsForEventsAcceptedBefore()
    {
        await using var rig = await TalonRig.CreateAsync(RuleFiles.LabelAndTerminate);
        var (_, container) = rig.AddPod("shop", "cart-0");
        await rig.Api.StopListeningAsync();
        await using var first = await rig.StartAsync();
        await rig.PostAsync(first, FalcoBody.ForPod("shop", "cart-0", container));
        await first.StopAsync();

        await rig.Api.StartListeningAsync();
        rig.Environment["DRY_RUN"] = "true";
        await using var second = await rig.StartAsync();
        var journal = await rig.FinishAsync(second);

        Assert.All(Assert.Single(journal.Events).Finished, f => Assert.StartsWith("dry run: would", Assert.IsType<ActionOutcome.Ignored>(f.Outcome).Reason));
        Assert.DoesNotContain(rig.Api.Requests.All, r => r.Method != "GET");
    }

    [Fact]
    public async Task APoisonousEventStopsOnlyItself_ProcessDiesAtItAgainAndAgain_IsParkedAndTheOtherCompletes()
    {
        await using var rig = await TalonRig.CreateAsync();
        var (poison, poisonContainer) = rig.AddPod("shop", "poison");
        await using (var first = await rig.StartAsync("before-call:DELETE@poison"))
        {
            await rig.TryPostAsync(first, FalcoBody.ForPod("shop", "poison", poisonContainer));
            Assert.Equal(TalonProcess.Killed, await first.ExitAsync());
        }

        int kills = 1;
        TalonProcess last;
        while (true)
        {
            last = rig.Launch("before-call:DELETE@poison");
            await Eventually.TrueAsync(
                () => last.HasExited || last.Log.Any(line => line.Message == "action" && line["event"] == "poison" && line.Status == "failure"), last.Tail);
            if (!last.HasExited)
            {
                break;
            }

            kills++;
            Assert.InRange(kills, 1, 4);
        }

        // Once at its first run and three times when it was resumed.
        Assert.Equal(4, kills);
        await last.ListeningAsync();
        var (good, goodContainer) = rig.AddPod("shop", "good");
        await rig.PostAsync(last, FalcoBody.ForPod("shop", "good", goodContainer));
        var journal = await rig.FinishAsync(last);
        Assert.Equal(FailureKind.Parked, Assert.IsType<ActionOutcome.Failed>(Assert.Single(journal.Of("poison")).Outcome).Kind);
        Assert.IsType<ActionOutcome.Succeeded>(Assert.Single(journal.Of("good")).Outcome);
        Assert.Equal(0, rig.Api.Effects.CountFor(poison));
        Assert.Equal(1, rig.Effects(good, "delete"));
    }
}
