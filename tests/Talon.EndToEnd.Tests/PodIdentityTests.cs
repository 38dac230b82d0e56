using System.Text.Json.Nodes;
using Talon.EndToEnd.Tests.Support;
using Talon.Rules.Outcomes;

namespace Talon.EndToEnd.Tests;

/// <summary>The promises about which pod is meant, each test named after its row.</summary>
public sealed class PodIdentityTests
{
    [Fact]
    public async Task NeverTheWrongPod_EachWayToTellThemApart_ActsOnThePodOfTheEventOnly()
    {
        await using var rig = await TalonRig.CreateAsync();
        var now = FalcoBody.Now;
        var uids = new Dictionary<string, string>(StringComparer.Ordinal);
        var containers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, created) in (ReadOnlySpan<(string, TimeSpan)>)
            [
                ("other-uid", TimeSpan.FromHours(-1)), ("same-uid", TimeSpan.FromHours(1)), ("other-container-newer", TimeSpan.FromHours(1)),
                ("same-container-newer", TimeSpan.FromHours(1)), ("no-container-older", TimeSpan.FromHours(-1)),
                ("no-container-newer", TimeSpan.FromHours(1)), ("restarted-container-older", TimeSpan.FromHours(-1)),
                ("other-container-older", TimeSpan.FromHours(-1)), ("sandbox-older", TimeSpan.FromHours(-1)), ("event-of-the-future", TimeSpan.FromMinutes(1)),
            ])
        {
            (uids[name], containers[name]) = rig.AddPod("shop", name);
            rig.SetCreated("shop", name, now + created);
            Assert.True(rig.Api.Store.Update("pods", "shop", name, pod =>
            {
                var container = pod["status"]!["containerStatuses"]![0]!;
                container["restartCount"] = name == "restarted-container-older" ? 2 : 0;
                container["state"]!["running"]!["startedAt"] = $"{now + created:yyyy-MM-dd'T'HH:mm:ss'Z'}";
            }));
        }

        await using var talon = await rig.StartAsync();
        await PostAsync("other-uid", ("k8s.pod.uid", Guid.NewGuid().ToString()), ("container.id", containers["other-uid"]));
        await PostAsync("same-uid", ("k8s.pod.uid", uids["same-uid"]), ("container.id", "0123456789ab"));
        await PostAsync("other-container-newer", ("container.id", "0123456789ab"));
        await PostAsync("same-container-newer", ("container.id", containers["same-container-newer"]));
        await PostAsync("no-container-older", ("container.id", "<NA>"));
        await PostAsync("no-container-newer", ("container.id", "host"));
        await PostAsync("restarted-container-older", ("container.id", "0123456789ab"));
        await PostAsync("other-container-older", ("container.id", "0123456789ab"));
        await PostAsync("sandbox-older", ("container.id", "0123456789ab"), ("k8s.pod.sandbox_id", "0123456789ab"));
        await rig.PostAsync(talon, FalcoBody.ForPod("shop", "event-of-the-future", at: now + TimeSpan.FromHours(1)));
        var journal = await rig.FinishAsync(talon);

        foreach (string name in (string[])["other-uid", "other-container-newer", "no-container-newer", "other-container-older", "event-of-the-future"])
        {
            string reason = Assert.IsType<ActionOutcome.Ignored>(Assert.Single(journal.Of(name)).Outcome).Reason;
            Assert.StartsWith("pod was replaced since the event", reason);
            Assert.Contains("the pod was created at 20", reason, StringComparison.Ordinal);
            Assert.Contains("the event is of 20", reason, StringComparison.Ordinal);
            Assert.Equal(0, rig.Api.Effects.CountFor(uids[name]));
        }

        foreach (string name in (string[])["same-uid", "same-container-newer", "no-container-older", "restarted-container-older", "sandbox-older"])
        {
            var done = Assert.IsType<ActionOutcome.Succeeded>(Assert.Single(journal.Of(name)).Outcome);
            Assert.Equal(name.EndsWith("-older", StringComparison.Ordinal), done.Output.Contains("; the pod was told by its age: ", StringComparison.Ordinal));
            Assert.Equal(1, rig.Effects(uids[name], "delete"));
        }

        Task PostAsync(string pod, params (string Name, object? Value)[] fields) => rig.PostAsync(
            talon, FalcoBody.Create(pod, now, [("k8s.ns.name", "shop"), ("k8s.pod.name", pod), .. fields]));
    }

    [Fact]
    public async Task NeverTheWrongPod_AlertAtTheStartOfAContainer_ActsWhenTheKubeletHasReportedIt()
    {
        await using var rig = await TalonRig.CreateAsync();
        var (uid, container) = rig.AddPod("shop", "fresh");
        var (otherUid, other) = rig.AddPod("shop", "other");
        JsonNode? reported = null;
        Assert.True(rig.Api.Store.Update("pods", "shop", "fresh", pod =>
        {
            reported = pod["status"]!["containerStatuses"]!.DeepClone();
            pod["status"]!["containerStatuses"] = new JsonArray();
        }));
        await using var talon = await rig.StartAsync();
        await rig.PostAsync(talon, FalcoBody.ForPod("shop", "fresh", container));
        await Eventually.TrueAsync(() => rig.Api.Requests.All.Count(r => r.Verb == "get" && r.Name == "fresh") >= 2, talon.Tail);
        await rig.PostAsync(talon, FalcoBody.ForPod("shop", "other", other));
        await Eventually.TrueAsync(() => rig.Effects(otherUid, "delete") == 1, talon.Tail);
        Assert.Equal(0, rig.Api.Effects.CountFor(uid));

        Assert.True(rig.Api.Store.Update("pods", "shop", "fresh", pod => pod["status"]!["containerStatuses"] = reported!.DeepClone()));
        var journal = await rig.FinishAsync(talon);

        Assert.IsType<ActionOutcome.Succeeded>(Assert.Single(journal.Of("fresh")).Outcome);
        Assert.Equal(1, rig.Effects(uid, "delete"));
    }

    [Fact]
    public async Task MissingPodFields_ThousandContainersThatNoPodHas_DoNotStarveOneThatHas()
    {
        await using var rig = await TalonRig.CreateAsync();
        var (uid, container) = rig.AddPod("shop", "cart-0");
        await using var talon = await rig.StartAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 1_000), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
            await rig.PostAsync(talon, FalcoBody.Create($"docker {i}", FalcoBody.Now, ("container.id", $"{i:x12}"))));
        await rig.PostAsync(talon, FalcoBody.Create("real", FalcoBody.Now, ("container.id", container)));

        await Eventually.TrueAsync(() => rig.Effects(uid, "delete") == 1, talon.Tail);
        int lists = rig.Api.Requests.All.Count(r => r.Verb == "list");

        Assert.InRange(lists, 1, 200);
    }

    [Fact]
    public async Task NeverTheWrongPod_ReplacedBetweenReadAndWrite_IsIgnoredByThePrecondition()
    {
        await using var rig = await TalonRig.CreateAsync();
        var (_, container) = rig.AddPod("shop", "db-0");
        rig.Api.Faults.Add(KubeApi.FaultRule.Delay(TimeSpan.FromSeconds(2), "delete"));
        await using var talon = await rig.StartAsync();
        await rig.PostAsync(talon, FalcoBody.ForPod("shop", "db-0", container));
        await Eventually.TrueAsync(() => rig.Api.Requests.All.Any(r => r.Verb == "delete"), talon.Tail);
        Assert.True(rig.Api.Store.Remove("pods", "shop", "db-0"));
        var (newer, _) = rig.AddPod("shop", "db-0");
        var journal = await rig.FinishAsync(talon);

        Assert.StartsWith("pod was replaced since the event", Assert.IsType<ActionOutcome.Ignored>(Assert.Single(journal.Events).Outcome).Reason);
        Assert.Equal(0, rig.Api.Effects.CountFor(newer));
        Assert.NotNull(rig.Api.Store.FindPod("shop", "db-0"));
    }

    [Fact]
    public async Task MissingPodFields_OnlyAContainerId_ThePodIsLookedUp()
    {
        await using var rig = await TalonRig.CreateAsync();
        var found = rig.AddPod("shop", "cart-0");
        var alsoFound = rig.AddPod("shop", "cart-1");
        await using var talon = await rig.StartAsync();
        await rig.PostAsync(talon, FalcoBody.Create("null names", FalcoBody.Now, ("k8s.ns.name", null), ("k8s.pod.name", null), ("container.id", found.ContainerId)));
        await rig.PostAsync(talon, FalcoBody.Create("na names", FalcoBody.Now, ("k8s.ns.name", "<NA>"), ("k8s.pod.name", "<NA>"), ("container.id", alsoFound.ContainerId)));
        await rig.PostAsync(talon, FalcoBody.Create("unknown", FalcoBody.Now, ("container.id", "0123456789ab")));
        var journal = await rig.FinishAsync(talon);

        Assert.IsType<ActionOutcome.Succeeded>(Assert.Single(journal.Of("null names")).Outcome);
        Assert.IsType<ActionOutcome.Succeeded>(Assert.Single(journal.Of("na names")).Outcome);
        Assert.Contains("not found by container id", Assert.IsType<ActionOutcome.Failed>(Assert.Single(journal.Of("unknown")).Outcome).Reason);
        Assert.Equal(1, rig.Effects(found.Uid, "delete"));
        Assert.Equal(1, rig.Effects(alsoFound.Uid, "delete"));
    }

    [Fact]
    public async Task NamesFromEventsAreCheckedBeforeTheyReachAUrl_HostileNames_NoRequestIsMade()
    {
        await using var rig = await TalonRig.CreateAsync(RuleFiles.LabelAndTerminate);
        rig.AddPod("shop", "innocent");
        string[] names =
        [
            "", ".", "..", "/", "?", "%2f", new string('a', 300), "a/b", "../nodes/node1", "innocent/../x", "innocent?gracePeriodSeconds=0", "innocent#",
            "%2e%2e", "a b", "a\nb", "A", "-a", "a-", "a..b", "é", "a\0b", "a%00b",
        ];
        await using var talon = await rig.StartAsync();
        int events = 0;
        foreach (string name in names)
        {
            await rig.PostAsync(talon, FalcoBody.Create($"pod {events++}", FalcoBody.Now, ("k8s.ns.name", "shop"), ("k8s.pod.name", name)));
            await rig.PostAsync(talon, FalcoBody.Create($"namespace {events++}", FalcoBody.Now, ("k8s.ns.name", name), ("k8s.pod.name", "innocent")));
        }

        var journal = await rig.FinishAsync(talon);
        Assert.Equal(events, journal.Events.Count);
        Assert.All(journal.Events, e => Assert.All(e.Finished, f => Assert.Equal(FailureKind.Invalid, Assert.IsType<ActionOutcome.Failed>(f.Outcome).Kind)));
        Assert.All(rig.Api.Requests.All, r => Assert.StartsWith("/version", r.Path));
        Assert.Equal(0, rig.Api.Effects.Count);
        Assert.NotNull(rig.Api.Store.FindPod("shop", "innocent"));
    }
}
