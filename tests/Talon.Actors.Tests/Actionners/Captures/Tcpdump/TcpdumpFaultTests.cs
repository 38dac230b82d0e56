using System.Text.Json.Nodes;
using Talon.Actors.Plugins;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Captures.Tcpdump;

/// <summary>What goes wrong around a capture of packets.</summary>
public sealed class TcpdumpFaultTests
{
    private const string Ephemeral = "ephemeralcontainers";

    private readonly MemoryOutput _output = new();

    [Fact]
    public async Task Run_ImageCannotBePulled_FailsAtOnceWithTheReason()
    {
        await using var rig = await CaptureWork.StartAsync(scale: 0.1);
        rig.Server.Kubelets.SetUnpullable("example.com/gone:1");

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request(("image", "example.com/gone:1"), ("image_wait", 300))));

        Assert.Equal(FailureKind.CommandFailed, failed.Kind);
        Assert.Matches("^the ephemeral container talon-tcpdump-[0-9a-f]{10} in the pod shop/cart-0 does not run: it cannot start: (ErrImagePull|ImagePullBackOff): ", failed.Reason);
        Assert.Empty(rig.Server.Kubelets.Execs);
        Assert.Empty(_output.Kept);
    }

    [Theory]
    [InlineData("InvalidImageName")]
    [InlineData("ErrImageNeverPull")]
    [InlineData("CreateContainerConfigError")]
    [InlineData("CreateContainerError")]
    [InlineData("RunContainerError")]
    public async Task Run_ContainerCannotBeMade_FailsAtOnce(string reason)
    {
        await using var rig = await CaptureWork.StartAsync();
        Instead(rig, new JsonObject { ["waiting"] = new JsonObject { ["reason"] = reason, ["message"] = "why" } });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request(("image_wait", 300))));

        Assert.EndsWith($"it cannot start: {reason}: why", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(FailureKind.CommandFailed, failed.Kind);
    }

    [Fact]
    public async Task Run_ContainerEndsAtOnce_FailsAtOnceWithItsExitCode()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnStart(started => started.Command.Contains("sleep") ? new ContainerFate(TimeSpan.Zero, 7) : null);

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request(("image_wait", 300))));

        Assert.EndsWith("it ended at once with exit code 7: Error", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ContainerNeverStarts_FailsAfterTheWait()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.SetLost("node1");

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request(("image_wait", 1))));

        Assert.EndsWith("did not run within 1 s (image_wait): the kubelet says nothing of it", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(FailureKind.CommandFailed, failed.Kind);
    }

    [Fact]
    public async Task Run_CancelledWhileItWaits_Ends()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.SetLost("node1");
        using var stop = new CancellationTokenSource();

        var outcome = await PodWork.RunAsync(
            rig, Request(("image_wait", 300)), () => stop.CancelAfter(TimeSpan.FromMilliseconds(300)), ActionnerRig.Scope(token: stop.Token));

        Assert.Contains("did not run before the action was ended", Assert.IsType<ActionOutcome.Failed>(outcome).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CancelledWhileItCaptures_KeepsNothing()
    {
        await using var rig = await CaptureWork.StartAsync();
        using var stop = new CancellationTokenSource();

        var outcome = await rig.RunAsync(Request(), CaptureWork.EndedBy(rig, stop, "tcpdump"));

        Assert.Equal(FailureKind.Timeout, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.Empty(_output.Kept);
    }

    [Fact]
    public async Task Run_PodDisappearsWhileItWaits_FailsAtOnce()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.SetLost("node1");
        var run = rig.RunAsync(Request(("image_wait", 300)));
        await Eventually.TrueAsync(() => CaptureWork.Ephemeral(rig).Count == 1);

        rig.Server.Store.Remove("pods", "shop", "cart-0");

        Assert.Equal(FailureKind.NotFound, Assert.IsType<ActionOutcome.Failed>(await run).Kind);
    }

    [Fact]
    public async Task Run_PodIsReplacedWhileItWaits_FailsAtOnce()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.SetLost("node1");
        var run = rig.RunAsync(Request(("image_wait", 300)));
        await Eventually.TrueAsync(() => CaptureWork.Ephemeral(rig).Count == 1);

        rig.Server.Store.Update("pods", "shop", "cart-0", pod => pod["metadata"]!["uid"] = Guid.NewGuid().ToString());

        Assert.EndsWith("the pod was replaced meanwhile", Assert.IsType<ActionOutcome.Failed>(await run).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PodReplacedSinceItWasPrepared_IsIgnored()
    {
        await using var rig = await CaptureWork.StartAsync();

        var outcome = await PodWork.RunAsync(rig, Request(), () =>
        {
            rig.Server.Store.Remove("pods", "shop", "cart-0");
            rig.Server.Store.AddPod("shop", "cart-0");
        });

        Assert.IsType<ActionOutcome.Ignored>(outcome);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_Patch_CarriesTheUid()
    {
        await using var rig = await CaptureWork.StartAsync();

        await rig.RunAsync(Request());

        var patch = Assert.Single(rig.Server.Requests.All, request => request.Subresource == Ephemeral);
        Assert.Equal(rig.Server.Store.FindPod("shop", "cart-0")!.Uid, (string?)JsonNode.Parse(patch.Body)!["metadata"]!["uid"]);
    }

    [Fact]
    public async Task Run_UidRefused_IsIgnored()
    {
        await using var rig = await CaptureWork.StartAsync();
        var request = Request();
        var actionner = rig.Find("kubernetes:tcpdump");
        var ready = Assert.IsType<Preparation.Ready>(await actionner.PrepareAsync(request, ActionnerRig.Scope()));
        rig.Server.Faults.Add(FaultRule.Delay(TimeSpan.FromMilliseconds(500), "patch") with { Subresource = Ephemeral });

        var run = actionner.RunAsync(request, ready, ActionnerRig.Scope());
        await Eventually.TrueAsync(() => rig.Server.Requests.All.Any(one => one.Subresource == Ephemeral));
        rig.Server.Store.Update("pods", "shop", "cart-0", pod => pod["metadata"]!["uid"] = Guid.NewGuid().ToString());

        Assert.IsType<ActionOutcome.Ignored>(await run);
        Assert.Empty(rig.Server.Kubelets.Execs);
    }

    [Theory]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(422, FailureKind.Rejected)]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(500, FailureKind.ServerError)]
    public async Task Run_PatchRefused_EndsAsTheServerSays(int status, FailureKind kind)
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Faults.Add(PodWork.At(Ephemeral, FaultRule.Answer(status)));

        Assert.Equal(kind, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request())).Kind);

        Assert.Empty(rig.Server.Kubelets.Execs);
    }

    [Fact]
    public async Task Run_ExecForbidden_IsFinalAndSaysSo()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Faults.Add(PodWork.At("exec", FaultRule.Answer(403)));

        Assert.Equal(FailureKind.Forbidden, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request())).Kind);

        Assert.Single(rig.Server.Requests.All, request => request.Subresource == "exec");
        Assert.Empty(_output.Kept);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Run_ExecRefusedForNow_IsTriedAgainInTheSameContainer(int status)
    {
        await using var rig = await CaptureWork.StartAsync(clock: new HurriedClock(20));
        rig.Server.Faults.Add(PodWork.At("exec", FaultRule.Answer(status, 2)));

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Single(CaptureWork.Ephemeral(rig));
        Assert.Equal(3, rig.Server.Requests.All.Count(request => request.Subresource == "exec"));
    }

    [Fact]
    public async Task Run_ExecRefusedForGood_AsksForNoSecondContainer()
    {
        await using var rig = await CaptureWork.StartAsync(clock: new HurriedClock(20));
        rig.Server.Faults.Add(PodWork.At("exec", FaultRule.Answer(429)));

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request()));

        Assert.Equal(FailureKind.CommandFailed, failed.Kind);
        Assert.StartsWith("tcpdump was not started: ", failed.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExecEnd.Cut)]
    [InlineData(ExecEnd.NoStatus)]
    public async Task Run_BrokenOff_KeepsNothing(ExecEnd end)
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnExec(_ => ExecScript.Print("half of it") with { EndAfter = 4, End = end });

        Assert.Equal(FailureKind.ConnectionLost, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request())).Kind);

        Assert.Empty(_output.Kept);
    }

    [Fact]
    public async Task Run_NoOutput_FailsBeforeAnythingIsWritten()
    {
        await using var rig = await CaptureWork.StartAsync();

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request() with { Output = null }));

        Assert.Equal((FailureKind.Invalid, "the action has no output to put the capture in"), (failed.Kind, failed.Reason));
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_ProtectedNamespace_IsIgnored()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Store.AddPod("kube-system", "cart-0");

        var request = PodWork.Request("kubernetes:tcpdump", PodWork.Map(), ("k8s.ns.name", "kube-system")) with { Output = _output.Store() };

        Assert.Contains("protected", Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(request)).Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Server.Requests.All);
    }

    [Fact]
    public async Task Run_NoSuchPod_Fails()
    {
        await using var rig = await CaptureWork.StartAsync();

        var request = PodWork.Request("kubernetes:tcpdump", PodWork.Map(), ("k8s.pod.name", "gone")) with { Output = _output.Store() };

        Assert.Equal(FailureKind.NotFound, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(request)).Kind);
    }

    [Theory]
    [InlineData("Succeeded", "node1", "the pod has ended: no container starts in it any more")]
    [InlineData("Failed", "node1", "the pod has ended: no container starts in it any more")]
    [InlineData("Pending", "", "the pod has no node yet: no container starts in it")]
    public async Task Run_PodWhereNothingStarts_IsRefused(string phase, string node, string why)
    {
        await using var rig = await CaptureWork.StartAsync(new PodSeed { Phase = phase, NodeName = node });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request()));

        Assert.Equal((FailureKind.Rejected, why), (failed.Kind, failed.Reason));
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_TerminatingPod_IsRefused()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Store.Update("pods", "shop", "cart-0", pod => pod["metadata"]!["deletionTimestamp"] = "2030-01-01T00:00:00Z");

        Assert.StartsWith("the pod is terminating", Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request())).Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    // The kubelet's own words about the next container, before its own steps come to it.
    private static void Instead(ActionnerRig rig, JsonObject state)
    {
        rig.Server.Kubelets.SetLost("node1");
        rig.Server.Store.Update("pods", "shop", "cart-0", pod => pod["status"]!["ephemeralContainerStatuses"] = new JsonArray(
            new JsonObject { ["name"] = Name, ["state"] = state, ["image"] = "i", ["imageID"] = "", ["ready"] = false, ["restartCount"] = 0 }));
    }

    private static string Name => Talon.Actors.Actionners.Captures.ActionNames.Of(PodWork.Request("kubernetes:tcpdump", PodWork.Map()), "tcpdump");

    private ActionRequest Request(params (string Name, object Value)[] parameters) =>
        PodWork.Request("kubernetes:tcpdump", PodWork.Map(parameters)) with { Output = _output.Store() };
}
