using Talon.EndToEnd.Tests.Support;
using Talon.Rules.Outcomes;

namespace Talon.EndToEnd.Tests;

/// <summary>Which alerts are one, and what counts as a value, in the running program.</summary>
public sealed class EventIdentityTests
{
    [Fact]
    public async Task OneAlertActsOnce_SameTextAboutThreePods_EachPodIsLabelled()
    {
        await using var rig = await TalonRig.CreateAsync(RuleFiles.Label("one"));
        (string Namespace, string Name)[] pods = [("default", "pod-a"), ("default", "pod-b"), ("team-b", "pod-a")];
        var uids = pods.Select(pod => rig.AddPod(pod.Namespace, pod.Name).Uid).ToList();
        await using var talon = await rig.StartAsync();
        int process = 100;
        foreach (var (ns, name) in pods)
        {
            await rig.PostAsync(talon, Body(ns, name));
            await rig.PostAsync(talon, Body(ns, name));
        }

        var journal = await rig.FinishAsync(talon);
        Assert.Equal(3, journal.Events.Count);
        Assert.All(uids, uid => Assert.Equal(1, rig.Effects(uid, "patch")));

        string Body(string ns, string name) => FalcoBody.Create(
            "Shell spawned in a container",
            FalcoBody.Now,
            ("evt.time", FalcoBody.Now.ToUnixTimeMilliseconds()),
            ("proc.pid", process++),
            ("k8s.ns.name", ns),
            ("k8s.pod.name", name));
    }

    [Fact]
    public async Task OneAlertActsOnce_ProcessNumberThatTheRuleNames_EachProcessIsKilled()
    {
        await using var rig = await TalonRig.CreateAsync(RuleFiles.Exec().Replace("command: id", "command: 'echo kill ${PROC_VPID}'", StringComparison.Ordinal));
        rig.AddPod("shop", "cart-0");
        await using var talon = await rig.StartAsync();
        int process = 100;
        foreach (int pid in (int[])[7, 8, 7])
        {
            await rig.PostAsync(talon, FalcoBody.Create("shell", FalcoBody.Now, ("k8s.ns.name", "shop"), ("k8s.pod.name", "cart-0"), ("proc.vpid", pid), ("proc.pid", process++)));
        }

        var journal = await rig.FinishAsync(talon);
        Assert.Equal(2, journal.Events.Count);
        Assert.Equal(2, rig.Api.Kubelets.Execs.Count);
    }

    [Fact]
    public async Task AVariableThatIsNotSetIsRefused_NullAndUnknown_NothingRuns()
    {
        await using var rig = await TalonRig.CreateAsync(RuleFiles.Exec().Replace("command: id", "command: 'echo rm -rf -- /data/${FD_NAME}'", StringComparison.Ordinal));
        rig.AddPod("shop", "cart-0");
        await using var talon = await rig.StartAsync();
        object?[] values = [null, "<NA>", "", 0, false, " ", Array.Empty<string>(), new { }];
        foreach (var (value, index) in values.Select((value, index) => (value, index)))
        {
            await rig.PostAsync(talon, FalcoBody.Create($"value {index}", FalcoBody.Now, ("k8s.ns.name", "shop"), ("k8s.pod.name", "cart-0"), ("fd.name", value)));
        }

        var journal = await rig.FinishAsync(talon);
        for (int i = 0; i < values.Length; i++)
        {
            var outcome = Assert.Single(journal.Of($"value {i}")).Outcome;
            if (i < 3)
            {
                var failed = Assert.IsType<ActionOutcome.Failed>(outcome);
                Assert.Equal(FailureKind.Invalid, failed.Kind);
                Assert.Contains("'FD_NAME'; write allow_unset_variables: true", failed.Reason, StringComparison.Ordinal);
            }
            else
            {
                Assert.IsType<ActionOutcome.Succeeded>(outcome);
            }
        }

        Assert.Equal(values.Length - 3, rig.Api.Kubelets.Execs.Count);
    }

    [Fact]
    public async Task NeverTheWrongPod_NamesFromThePlugInK8sMeta_ActOnThePodThatBothNamesAreOf()
    {
        await using var rig = await TalonRig.CreateAsync(RuleFiles.Label("one"));
        var uids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string place in (string[])["shop/cart-0", "shop/cart-1", "till/cart-0", "till/cart-1"])
        {
            uids[place] = rig.AddPod(place.Split('/')[0], place.Split('/')[1]).Uid;
        }

        await using var talon = await rig.StartAsync();
        await PostAsync("whole", ("k8s.ns.name", null), ("k8s.pod.name", "<NA>"), ("k8smeta.ns.name", "shop"), ("k8smeta.pod.name", "cart-0"), ("k8smeta.pod.uid", uids["shop/cart-0"]));
        await PostAsync("half", ("k8s.ns.name", "till"), ("k8smeta.ns.name", "till"), ("k8smeta.pod.name", "cart-0"));
        await PostAsync("one from each", ("k8s.ns.name", "shop"), ("k8smeta.pod.name", "cart-1"));
        await PostAsync("contradiction", ("k8s.pod.name", "cart-1"), ("k8smeta.ns.name", "till"), ("k8smeta.pod.name", "cart-0"));
        await PostAsync("of another pod", ("k8s.ns.name", "shop"), ("k8s.pod.name", "cart-1"), ("k8smeta.pod.uid", uids["till/cart-1"]));
        var journal = await rig.FinishAsync(talon);

        Assert.Equal(
            ["shop/cart-0", "till/cart-0"],
            uids.Where(pod => rig.Effects(pod.Value, "patch") > 0).Select(pod => pod.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["half", "whole"],
            journal.Events.Where(e => e.Outcome is ActionOutcome.Succeeded).Select(e => e.Accepted.Event.Output).Order(StringComparer.Ordinal));

        Task PostAsync(string output, params (string Name, object? Value)[] fields) => rig.PostAsync(talon, FalcoBody.Create(output, FalcoBody.Now, fields));
    }
}
