using System.Security.Cryptography;
using System.Text;
using Talon.Actors.Actionners.Captures.Tcpdump;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Plugins.Rbac;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Captures.Tcpdump;

public sealed class TcpdumpActionnerTests
{
    internal static IEnumerable<RbacScenario> RbacScenarios =>
    [
        new("kubernetes:tcpdump", "a pod", ParameterMap.Empty, RbacScenario.CapturedAsync),
    ];

    private readonly MemoryOutput _output = new();

    [Fact]
    public async Task Run_Pod_StoresTheCaptureWithItsDigest()
    {
        await using var rig = await CaptureWork.StartAsync();

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        var (artifact, kept) = Assert.Single(_output.Kept);
        Assert.Equal(CaptureWork.Capture, Encoding.UTF8.GetString(kept));
        Assert.Equal("tcpdump.pcap", artifact.Name);
        Assert.Contains($"{kept.Length} bytes, sha256 {Convert.ToHexStringLower(SHA256.HashData(kept))}", succeeded.Artifact!.Text, StringComparison.Ordinal);
        Assert.Equal(["container", "namespace", "pod"], succeeded.Objects.Keys);
        Assert.DoesNotContain(CaptureWork.Capture, succeeded.ToString(), StringComparison.Ordinal);
        Assert.Empty(succeeded.Captured);
    }

    [Fact]
    public async Task Run_Defaults_AddOneContainerWithFewRightsThatEndsByItself()
    {
        await using var rig = await CaptureWork.StartAsync();

        await rig.RunAsync(Request());

        var container = Assert.Single(CaptureWork.Ephemeral(rig));
        Assert.StartsWith("talon-tcpdump-", (string?)container["name"], StringComparison.Ordinal);
        Assert.Equal("docker.io/nicolaka/netshoot:v0.13", (string?)container["image"]);
        Assert.Equal("IfNotPresent", (string?)container["imagePullPolicy"]);
        Assert.Equal("app", (string?)container["targetContainerName"]);
        Assert.Equal("""["sleep","35"]""", container["command"]!.ToJsonString());
        Assert.Equal(
            """{"add":["NET_RAW","SETGID","SETUID"],"drop":["ALL"]}""", container["securityContext"]!["capabilities"]!.ToJsonString());
        Assert.False((bool)container["securityContext"]!["privileged"]!);
        Assert.False((bool)container["securityContext"]!["allowPrivilegeEscalation"]!);
        Assert.True((bool)container["securityContext"]!["readOnlyRootFilesystem"]!);
        var call = Assert.Single(rig.Server.Kubelets.Execs);
        Assert.Equal((string?)container["name"], call.Container);
        Assert.Equal(["timeout", "5", "tcpdump", "-n", "-p", "-U", "-i", "any", "-s", "4096", "-Z", "root", "-w", "-"], call.Argv);
    }

    [Fact]
    public async Task Parameters_Given_AreUsed()
    {
        await using var rig = await CaptureWork.StartAsync(new PodSeed { Containers = ["app", "side"] });

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(
            Request(("duration", 17), ("snaplen", 0), ("image", "example.com/tools:1"), ("container", "side"))));

        var container = Assert.Single(CaptureWork.Ephemeral(rig));
        Assert.Equal("example.com/tools:1", (string?)container["image"]);
        Assert.Equal("side", (string?)container["targetContainerName"]);
        Assert.Equal("""["sleep","47"]""", container["command"]!.ToJsonString());
        var argv = Assert.Single(rig.Server.Kubelets.Execs).Argv;
        Assert.Equal(("17", "0"), (argv[1], argv[9]));
    }

    [Fact]
    public async Task Container_OfTheEvent_IsTheTarget()
    {
        await using var rig = await CaptureWork.StartAsync(new PodSeed { Containers = ["app", "side"] });
        string id = (string)rig.Server.Store.FindPod("shop", "cart-0")!.ToJson()["status"]!["containerStatuses"]![1]!["containerID"]!;

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(
            PodWork.Request("kubernetes:tcpdump", PodWork.Map(), ("container.id", id.Split("://")[1][..12])) with { Output = _output.Store() }));

        Assert.Equal("side", (string?)Assert.Single(CaptureWork.Ephemeral(rig))["targetContainerName"]);
    }

    [Fact]
    public async Task Container_NotInThePod_IsRefused()
    {
        await using var rig = await CaptureWork.StartAsync();

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request(("container", "other"))));

        Assert.Equal((FailureKind.NotFound, "the pod has no container 'other'; it has app"), (failed.Kind, failed.Reason));
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Container_NotRunning_IsNoTargetButThePodIsCaptured()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Store.Update("pods", "shop", "cart-0", pod =>
            pod["status"]!["containerStatuses"]![0]!["state"] = new System.Text.Json.Nodes.JsonObject
            {
                ["waiting"] = new System.Text.Json.Nodes.JsonObject { ["reason"] = "CrashLoopBackOff" },
            });

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Null(Assert.Single(CaptureWork.Ephemeral(rig))["targetContainerName"]);
        Assert.Contains("on its own", succeeded.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_HostNetwork_SaysWhoseTrafficItIs()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Store.Update("pods", "shop", "cart-0", pod => pod["spec"]!["hostNetwork"] = true);

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.EndsWith("the pod uses the network of its node, so they are those of the node", succeeded.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LargeCapture_IsStreamedInPieces()
    {
        await using var rig = await CaptureWork.StartAsync();
        byte[] content = RandomNumberGenerator.GetBytes(3 << 20);
        rig.Server.Kubelets.OnExec(_ => new ExecScript { Stdout = new MemoryStream(content), ExitCode = 124 });

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Equal(content, Assert.Single(_output.Kept).Content);
        Assert.True(_output.LargestWrite <= 64 * 1024, $"{_output.LargestWrite}");
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public async Task MaxSize_OneByteMore_IsCutAndSaysSo(int size, bool cut)
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnExec(_ => ExecScript.Print(new string('x', size), exitCode: 124));

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request(("max_size", "100"))));

        Assert.Equal(100, Assert.Single(_output.Kept).Content.Length);
        Assert.Equal(cut, succeeded.Output.EndsWith("the capture was cut at 100 bytes, the max_size of the action", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(124, true)]
    [InlineData(143, true)]
    [InlineData(1, false)]
    [InlineData(137, false)]
    public async Task Run_ExitCode_TellsWhetherItWasEndedByTheClock(int code, bool whole)
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnExec(_ => ExecScript.Print("some", code) with { Stderr = "tcpdump: any: no\nright"u8.ToArray() });

        var outcome = await rig.RunAsync(Request());

        Assert.Equal(whole ? 1 : 0, _output.Kept.Count);
        if (!whole)
        {
            var failed = Assert.IsType<ActionOutcome.Failed>(outcome);
            Assert.Equal(FailureKind.CommandFailed, failed.Kind);
            Assert.Matches($"^tcpdump ended with exit code {code}: tcpdump: any: no.*right$", failed.Reason);
        }
    }

    [Fact]
    public async Task Run_NoTcpdumpInTheImage_SaysSo()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnExec(_ => new ExecScript { StartFault = "exec: \"timeout\": executable file not found in $PATH: unknown" });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request()));

        Assert.Equal(FailureKind.CommandFailed, failed.Kind);
        Assert.Contains("tcpdump could not be started, the image must have it: ", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Duration_WithRealTimeout_EndsTheCapture()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.AddProgram("tcpdump", "#!/bin/sh\nprintf header\nexec sleep 60\n");

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request(("duration", 1))));

        Assert.Equal("header", Encoding.UTF8.GetString(Assert.Single(_output.Kept).Content));
        Assert.Equal(124, await Assert.Single(rig.Server.Kubelets.Execs).Ended);
    }

    [Fact]
    public async Task Run_AgainAndAgain_StopsAtTheLimitWithAReason()
    {
        await using var rig = await CaptureWork.StartAsync();
        for (int i = 0; i < DebugContainer.MostInAPod; i++)
        {
            Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));
        }

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request()));

        Assert.Equal(FailureKind.Rejected, failed.Kind);
        Assert.StartsWith("the pod has 5 ephemeral containers of Talon already, which Kubernetes cannot remove", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(5, CaptureWork.Ephemeral(rig).Select(container => (string?)container["name"]).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Run_ManyAtOnce_DoNotGoBeyondTheLimit()
    {
        await using var rig = await CaptureWork.StartAsync();
        var requests = Enumerable.Range(0, 8).Select(i => Request() with { EventKey = $"0123456789abcdef0123456789abcdef-{i}", Output = new MemoryOutput().Store() });

        var outcomes = await Task.WhenAll(requests.Select(request => rig.RunAsync(request)));

        Assert.Equal(5, outcomes.Count(outcome => outcome is ActionOutcome.Succeeded));
        Assert.Equal(3, outcomes.Count(outcome => outcome is ActionOutcome.Failed { Kind: FailureKind.Rejected }));
        Assert.Equal(5, CaptureWork.Ephemeral(rig).Count);
    }

    [Fact]
    public async Task Prepare_DryRun_SaysWhatWouldBeDone()
    {
        await using var rig = await CaptureWork.StartAsync();

        var ready = Assert.IsType<Preparation.Ready>(await rig.Find("kubernetes:tcpdump").PrepareAsync(Request(), ActionnerRig.Scope()));

        string uid = rig.Server.Store.FindPod("shop", "cart-0")!.Uid;
        Assert.Equal(
            $"capture the packets of the pod shop/cart-0 (uid {uid}) for 5 s in an ephemeral container beside the container app", ready.Intent);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public void DefaultTimeout_LeavesRoomForImageAndCapture() =>
        Assert.Equal(TimeSpan.FromSeconds(30 + 60 + 100), TimeoutOf(Request(("duration", 60), ("image_wait", 100))));

    private static TimeSpan TimeoutOf(ActionRequest request) =>
        new Talon.Actors.Actionners.Captures.Tcpdump.TcpdumpActionner(null!, null!, null!).DefaultTimeout(request.Action);

    private ActionRequest Request(params (string Name, object Value)[] parameters) =>
        PodWork.Request("kubernetes:tcpdump", PodWork.Map(parameters)) with { Output = _output.Store() };
}
