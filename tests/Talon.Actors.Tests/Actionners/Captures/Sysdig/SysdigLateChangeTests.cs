using Talon.Actors.Plugins;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Captures.Sysdig;

/// <summary>What becomes of a capture of system calls whose pod changes while its Job starts.</summary>
public sealed class SysdigLateChangeTests
{
    [Theory]
    [InlineData(true, "ignored", "pod was replaced since the event: the pod now has the uid")]
    [InlineData(false, "failure", "the pod cart-0 in the namespace shop does not exist")]
    public async Task Run_PodIsLostWhileTheJobStarts_CapturesNothingAndSaysSo(bool replaced, string status, string why)
    {
        await using var rig = await CaptureWork.StartAsync();

        var outcome = await RunWithChangeAsync(rig, Request(), () => Lose(rig, replaced));

        Assert.Equal(status, outcome.Status);
        Assert.Contains(why, outcome.ToString(), StringComparison.Ordinal);
        Assert.Equal(["job", "namespace", "pod"], outcome.Objects.Keys);
        Assert.Empty(rig.Server.Kubelets.Execs);
        await SysdigActionnerTests.NothingIsLeftAsync(rig, "talon");
    }

    [Fact]
    public async Task Run_PodEndsWhileTheJobStarts_CapturesNothingAndSaysSo()
    {
        await using var rig = await CaptureWork.StartAsync();

        var outcome = await RunWithChangeAsync(rig, Request(), () => End(rig));

        Assert.Equal("the pod ended while the Job started: there is nothing to capture", Assert.IsType<ActionOutcome.Failed>(outcome).Reason);
        Assert.Empty(rig.Server.Kubelets.Execs);
        await SysdigActionnerTests.NothingIsLeftAsync(rig, "talon");
    }

    [Fact]
    public async Task Run_PodIsLostWhileTheJobStarts_NodeIsCapturedAllTheSame()
    {
        await using var rig = await CaptureWork.StartAsync();

        Assert.IsType<ActionOutcome.Succeeded>(await RunWithChangeAsync(rig, Request(("scope", "node")), () => Lose(rig, replaced: false)));
    }

    [Theory]
    [InlineData("containerd://fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210", "fedcba987654")]
    [InlineData("", null)]
    public async Task Run_ContainerIsStartedAnewWhileTheJobStarts_ItsNewIdIsCaptured(string now, string? captured)
    {
        await using var rig = await CaptureWork.StartAsync();
        string before = SysdigActionnerTests.Ids(rig)[0];

        var outcome = await RunWithChangeAsync(rig, Request(), () => SysdigActionnerTests.SetId(rig, now));

        Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.Equal($"container.id in ({captured ?? before})", rig.Server.Kubelets.Execs[0].Argv[^1]);
    }

    private static void Lose(ActionnerRig rig, bool replaced)
    {
        rig.Server.Store.Remove("pods", "shop", "cart-0");
        if (replaced)
        {
            rig.Server.Store.AddPod("shop", "cart-0");
        }
    }

    private static void End(ActionnerRig rig) => rig.Server.Store.Update("pods", "shop", "cart-0", pod => pod["status"]!["phase"] = "Succeeded");

    // The Job is on its way to the server when the change happens.
    private static async Task<ActionOutcome> RunWithChangeAsync(ActionnerRig rig, ActionRequest request, Action change)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Server.Faults.Add(new FaultRule { Verbs = ["create"], Resource = "jobs", Until = changed.Task });
        var run = rig.RunAsync(request);
        await Eventually.TrueAsync(() => rig.Server.Requests.All.Any(one => one is { Verb: "create", Resource: "jobs" }));
        change();
        changed.SetResult();
        return await run;
    }

    private static ActionRequest Request(params (string Name, object Value)[] parameters) =>
        PodWork.Request("kubernetes:sysdig", PodWork.Map(parameters)) with { Output = new MemoryOutput().Store() };
}
