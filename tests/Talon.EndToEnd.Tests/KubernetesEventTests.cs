using System.Text.Json.Nodes;
using Talon.Cluster.Wire;
using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.EndToEnd.Tests;

/// <summary>Outcomes reach a person: with <c>k8sevents</c> as a default notifier each gives exactly one event about its object.</summary>
public sealed class KubernetesEventTests
{
    private const string Notify = "default_notifiers: [K8sEvents]\n";

    [Fact]
    public async Task Success_GivesOneNormalEventAboutThePod()
    {
        await using var rig = await TalonRig.CreateAsync(configuration: Notify);
        var (uid, container) = rig.AddPod("shop", "cart-0", new PodSeed { TerminationGracePeriodSeconds = 3000 });
        await using var talon = await rig.StartAsync();
        await rig.PostAsync(talon, FalcoBody.ForPod("shop", "cart-0", container));

        var written = await OnlyEventAsync(rig, talon, "shop");

        AssertEvent(written, "Normal", "success", "cart-0", uid);
        await talon.LineAsync(line => line.Message == "notification" && line.Status == "success" && line["notifier"] == "k8sevents", "it was notified");
        string metrics = await rig.MetricsAsync(talon);
        Assert.Contains("falcosecurity_falco_talon_notifications_total{", metrics, StringComparison.Ordinal);
        Assert.Contains("notifier=\"k8sevents\"", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ignored_ProtectedNamespace_GivesOneNormalEventThere()
    {
        await using var rig = await TalonRig.CreateAsync(configuration: Notify);
        var (uid, container) = rig.AddPod("kube-system", "dns");
        await using var talon = await rig.StartAsync();
        await rig.PostAsync(talon, FalcoBody.ForPod("kube-system", "dns", container));

        AssertEvent(await OnlyEventAsync(rig, talon, "kube-system"), "Normal", "ignored", "dns", uid);
    }

    [Fact]
    public async Task Failure_GivesOneWarningWithItsReason()
    {
        await using var rig = await TalonRig.CreateAsync(configuration: Notify);
        var (uid, container) = rig.AddPod("shop", "cart-0");
        rig.Api.Faults.Add(FaultRule.Answer(403, null, "delete"));
        await using var talon = await rig.StartAsync();
        await rig.PostAsync(talon, FalcoBody.ForPod("shop", "cart-0", container));

        var written = await OnlyEventAsync(rig, talon, "shop");

        AssertEvent(written, "Warning", "failure", "cart-0", uid);
        Assert.Contains("\nKind: forbidden\n", Note(written), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_GivesOneNormalEventThatSaysSo()
    {
        await using var rig = await TalonRig.CreateAsync(configuration: Notify + "dry_run: true\n");
        var (uid, container) = rig.AddPod("shop", "cart-0");
        await using var talon = await rig.StartAsync();
        await rig.PostAsync(talon, FalcoBody.ForPod("shop", "cart-0", container));

        var written = await OnlyEventAsync(rig, talon, "shop");

        AssertEvent(written, "Normal", "ignored", "cart-0", uid);
        Assert.Contains("\nDryRun: true\n", Note(written), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expired_ApiWasAwayMeanwhile_GivesOneWarningWhenItIsBack()
    {
        await using var rig = await TalonRig.CreateAsync(configuration: Notify + "max_age: 2s\n");
        var (uid, container) = rig.AddPod("shop", "cart-0");
        await rig.Api.StopListeningAsync();
        await using var talon = await rig.StartAsync();
        await rig.PostAsync(talon, FalcoBody.ForPod("shop", "cart-0", container));
        Assert.Equal("expired", (await talon.OutcomeAsync("cart-0")).Result);
        await rig.Api.StartListeningAsync();

        var written = await OnlyEventAsync(rig, talon, "shop");

        AssertEvent(written, "Warning", "failure", "cart-0", uid);
        Assert.Contains("\nKind: expired\n", Note(written), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parked_ProcessDiesAtItAgainAndAgain_GivesOneWarning()
    {
        await using var rig = await TalonRig.CreateAsync(configuration: Notify);
        var (uid, container) = rig.AddPod("shop", "poison");
        await using (var first = await rig.StartAsync("before-call:DELETE@poison"))
        {
            await rig.TryPostAsync(first, FalcoBody.ForPod("shop", "poison", container));
            await first.ExitAsync();
        }

        TalonProcess last;
        int starts = 0;
        do
        {
            Assert.InRange(++starts, 1, 5);
            last = rig.Launch("before-call:DELETE@poison");
            await Eventually.TrueAsync(
                () => last.HasExited || last.Log.Any(line => line.Message == "action" && line["event"] == "poison" && line.Status == "failure"), last.Tail);
        }
        while (last.HasExited);

        var written = await OnlyEventAsync(rig, last, "shop");

        AssertEvent(written, "Warning", "failure", "poison", uid);
        Assert.Contains("\nKind: parked\n", Note(written), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_ShippedProgramIsKilledDuringAnExec_IsJournalledAndGivesOneWarning()
    {
        await using var rig = await TalonRig.CreateAsync(RuleFiles.Exec(), Notify);
        var (uid, container) = rig.AddPod("shop", "cart-0");
        rig.Api.Kubelets.OnExec(_ => new ExecScript { End = ExecEnd.Stall });
        await using (var first = await rig.StartAsync())
        {
            await rig.PostAsync(first, FalcoBody.ForPod("shop", "cart-0", container));
            await Eventually.TrueAsync(() => rig.Api.Kubelets.Execs.Count == 1, first.Tail);
            await first.KillAsync();
        }

        await using var second = await rig.StartAsync();
        var outcome = await second.OutcomeAsync("cart-0");
        Assert.Equal(("failure", "interrupted"), (outcome.Status, outcome.Result));
        var written = await OnlyEventAsync(rig, second, "shop");
        AssertEvent(written, "Warning", "failure", "cart-0", uid);
        Assert.Contains("\nKind: interrupted\n", Note(written), StringComparison.Ordinal);

        var journal = await rig.FinishAsync(second);
        var journalled = Assert.Single(journal.Events);
        Assert.Equal(FailureKind.Interrupted, Assert.IsType<ActionOutcome.Failed>(journalled.Outcome).Kind);
        Assert.Equal(uid, Assert.Single(journalled.Facts.OfType<Facts.Started>()).Target!.Uid);
        Assert.Single(rig.Api.Kubelets.Execs);
        Assert.Single(rig.Api.Store.List("events"));
    }

    private static async Task<JsonNode> OnlyEventAsync(TalonRig rig, TalonProcess talon, string ns)
    {
        await rig.FinishedAsync(talon);
        await Eventually.TrueAsync(() => rig.Api.Store.List("events", ns).Count > 0, talon.Tail);
        return Assert.Single(rig.Api.Store.List("events")).ToJson();
    }

    private static void AssertEvent(JsonNode written, string type, string status, string pod, string uid)
    {
        var about = written["involvedObject"] ?? written["regarding"]!;
        Assert.Equal(
            ("v1", "Pod", pod, uid),
            (about["apiVersion"]!.GetValue<string>(), about["kind"]!.GetValue<string>(), about["name"]!.GetValue<string>(), about["uid"]!.GetValue<string>()));
        Assert.Equal(type, written["type"]!.GetValue<string>());
        Assert.EndsWith(":" + status, written["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith($"Status: {status}\n", Note(written), StringComparison.Ordinal);
        Assert.Null(written["series"]);
    }

    private static string Note(JsonNode written) => (written["note"] ?? written["message"]!).GetValue<string>();
}
