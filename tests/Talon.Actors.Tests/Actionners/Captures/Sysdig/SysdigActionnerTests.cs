using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Plugins.Rbac;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Captures.Sysdig;

public sealed class SysdigActionnerTests
{
    internal static IEnumerable<RbacScenario> RbacScenarios =>
    [
        new("kubernetes:sysdig", "a pod", ParameterMap.Empty, RbacScenario.CapturedAsync),
        new("kubernetes:sysdig", "a pod, elsewhere", RbacScenario.Texts(("namespace", "captures")), RbacScenario.CapturedAsync),
    ];

    private readonly MemoryOutput _output = new();

    [Fact]
    public async Task Run_Pod_StoresTheCaptureWithItsDigestAndDeletesTheJob()
    {
        await using var rig = await CaptureWork.StartAsync();

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        var (artifact, kept) = Assert.Single(_output.Kept);
        Assert.Equal(CaptureWork.Capture, Encoding.UTF8.GetString(kept));
        Assert.Equal("sysdig.scap.gz", artifact.Name);
        Assert.Contains($"{kept.Length} bytes, sha256 {Convert.ToHexStringLower(SHA256.HashData(kept))}", succeeded.Artifact!.Text, StringComparison.Ordinal);
        Assert.Equal(["job", "namespace", "pod"], succeeded.Objects.Keys);
        Assert.Equal(("shop", "cart-0"), (succeeded.Objects["namespace"], succeeded.Objects["pod"]));
        Assert.Equal($"the system calls of the pod shop/cart-0 were captured for 5 s by the Job talon/{succeeded.Objects["job"]}", succeeded.Output);
        Assert.DoesNotContain(CaptureWork.Capture, succeeded.ToString(), StringComparison.Ordinal);
        await NothingIsLeftAsync(rig, "talon");
        Assert.Equal("""{"uid":"_"}""", Preconditions(rig));
        Assert.Empty(rig.Server.Store.FindPod("shop", "cart-0")!.ToJson()["spec"]!["ephemeralContainers"] as JsonArray ?? []);
    }

    [Fact]
    public async Task Run_Job_IsOnTheNodeOfThePodWithWhatSysdigNeedsAndNoMore()
    {
        await using var rig = await CaptureWork.StartAsync();

        await rig.RunAsync(Request(("duration", 7)));

        var job = Assert.Single(CaptureWork.Created(rig));
        var spec = job["spec"]!;
        Assert.Equal((0, 1, 1, 30), ((int)spec["backoffLimit"]!, (int)spec["completions"]!, (int)spec["parallelism"]!, (int)spec["ttlSecondsAfterFinished"]!));
        Assert.Equal(20 + 7 + 50 + 45, (int)spec["activeDeadlineSeconds"]!);
        Assert.Equal("talon", (string?)job["metadata"]!["labels"]!["app.kubernetes.io/managed-by"]);
        Assert.Equal("0123456789abcdef0123456789abcdef-1/0", (string?)job["metadata"]!["annotations"]!["talon/action"]);
        var pod = spec["template"]!["spec"]!;
        Assert.Equal("node1", (string?)pod["nodeName"]);
        Assert.Equal("Never", (string?)pod["restartPolicy"]);
        Assert.False((bool)pod["automountServiceAccountToken"]!);
        Assert.Null(pod["serviceAccountName"]);
        Assert.Null(pod["hostPID"]);
        Assert.Null(pod["hostNetwork"]);
        Assert.Equal("""[{"operator":"Exists"}]""", pod["tolerations"]!.ToJsonString());
        var container = Assert.Single(pod["containers"]!.AsArray())!;
        Assert.Equal("docker.io/sysdig/sysdig:0.38.1", (string?)container["image"]);
        Assert.Equal($$"""["sleep","{{7 + 50 + 45}}"]""", container["command"]!.ToJsonString());
        Assert.True((bool)container["securityContext"]!["privileged"]!);
        Assert.Equal(["cpu", "ephemeral-storage", "memory"], container["resources"]!["limits"]!.AsObject().Select(limit => limit.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["cpu", "ephemeral-storage", "memory"], container["resources"]!["requests"]!.AsObject().Select(limit => limit.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["/proc Directory", "/run/containerd/containerd.sock Socket"],
            pod["volumes"]!.AsArray().Select(volume => volume!["hostPath"]).OfType<JsonNode>().Select(path => $"{path["path"]} {path["type"]}").Order(StringComparer.Ordinal));
        Assert.Equal(
            ["/capture ", "/host/proc true", "/host/run/containerd/containerd.sock true"],
            container["volumeMounts"]!.AsArray().Select(mount => $"{mount!["mountPath"]} {mount["readOnly"]?.ToJsonString()}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_Pod_CapturesItsContainersAndNoOthers()
    {
        await using var rig = await CaptureWork.StartAsync(new PodSeed { Containers = ["app", "side"] });

        await rig.RunAsync(Request(("duration", 7), ("buffer_size", 512)));

        var calls = rig.Server.Kubelets.Execs;
        Assert.Equal(
            [
                "timeout", "-s", "INT", "-k", "5", "12", "sysdig", "--modern-bpf", "--cri", "/run/containerd/containerd.sock",
                "-M", "7", "-s", "512", "-z", "-w", "sysdig.scap.gz", $"container.id in ({string.Join(',', Ids(rig))})",
            ],
            calls[0].Argv);
        Assert.Equal(["cat", "sysdig.scap.gz"], calls[1].Argv);
        Assert.All(calls, call => Assert.Equal(("talon", "sysdig"), (call.Namespace, call.Container)));
        Assert.Equal(2, Ids(rig).Length);
    }

    [Fact]
    public async Task Scope_Node_CapturesEverythingAndSaysSo()
    {
        await using var rig = await CaptureWork.StartAsync();

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request(("scope", "node"))));

        Assert.Equal("sysdig.scap.gz", rig.Server.Kubelets.Execs[0].Argv[^1]);
        Assert.StartsWith("the system calls of the whole node node1 of the pod shop/cart-0 were captured", succeeded.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cri-o", "/run/crio/crio.sock", true)]
    [InlineData("docker", "/var/run/docker.sock", false)]
    public async Task Run_OtherRuntime_HasItsSocket(string runtime, string socket, bool cri)
    {
        await using var rig = await CaptureWork.StartAsync();
        SetId(rig, $"{runtime}://{new string('a', 64)}");

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Contains(socket, Assert.Single(CaptureWork.Created(rig)).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(cri, rig.Server.Kubelets.Execs[0].Argv.Contains(socket, StringComparer.Ordinal));
        Assert.Equal("container.id in (aaaaaaaaaaaa)", rig.Server.Kubelets.Execs[0].Argv[^1]);
    }

    [Fact]
    public async Task RuntimeSocket_Given_IsUsed()
    {
        await using var rig = await CaptureWork.StartAsync();

        await rig.RunAsync(Request(("runtime_socket", "/run/k3s/containerd/containerd.sock")));

        Assert.Contains("/host/run/k3s/containerd/containerd.sock", Assert.Single(CaptureWork.Created(rig)).ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("/run/k3s/containerd/containerd.sock", rig.Server.Kubelets.Execs[0].Argv);
    }

    [Fact]
    public async Task RuntimeSocket_OfDocker_IsMountedWhereSysdigLooks()
    {
        await using var rig = await CaptureWork.StartAsync();
        SetId(rig, $"docker://{new string('a', 64)}");

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request(("runtime_socket", "/run/other/docker.sock"))));

        string job = Assert.Single(CaptureWork.Created(rig)).ToJsonString();
        Assert.Contains("\"mountPath\":\"/host/var/run/docker.sock\"", job, StringComparison.Ordinal);
        Assert.Contains("\"path\":\"/run/other/docker.sock\"", job, StringComparison.Ordinal);
        Assert.DoesNotContain("--cri", rig.Server.Kubelets.Execs[0].Argv);
    }

    [Theory]
    [InlineData("Succeeded")]
    [InlineData("Failed")]
    public async Task Run_PodHasEnded_IsRefusedForThePodOnly(string phase)
    {
        await using var rig = await CaptureWork.StartAsync(new PodSeed { Phase = phase });

        Assert.Equal("the pod has ended: there is nothing to capture", Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request())).Reason);
        Assert.Empty(CaptureWork.Created(rig));
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request(("scope", "node"))));
    }

    [Theory]
    [InlineData("rkt://aaaaaaaaaaaaaaaa", "no id of a container of the pod names a container runtime that Talon knows: containerd, cri-o, docker")]
    [InlineData("containerd://abc", "no container of the pod has an id that names it: there is nothing to capture")]
    [InlineData(null, "no id of a container of the pod names a container runtime that Talon knows: containerd, cri-o, docker")]
    public async Task Run_NoUsableId_IsRefused(string? id, string why)
    {
        await using var rig = await CaptureWork.StartAsync();
        SetId(rig, id);

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request()));

        Assert.Equal((FailureKind.Rejected, why), (failed.Kind, failed.Reason));
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_ShortIdBesideALongOne_IsLeftOut()
    {
        await using var rig = await CaptureWork.StartAsync(new PodSeed { Containers = ["app", "side"] });
        string[] ids = Ids(rig);
        SetId(rig, "containerd://abc");

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Equal($"container.id in ({ids[1]})", rig.Server.Kubelets.Execs[0].Argv[^1]);
    }

    [Fact]
    public async Task Run_PodWithoutNode_IsRefused()
    {
        await using var rig = await CaptureWork.StartAsync(new PodSeed { Phase = "Pending", NodeName = "" });

        Assert.Equal("the pod has no node yet: there is nothing to capture", Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request())).Reason);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_PodOfAProtectedNamespace_IsOnlyRead()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Store.AddPod("kube-system", "cart-0");

        var outcome = await rig.RunAsync(PodWork.Request("kubernetes:sysdig", PodWork.Map(), ("k8s.ns.name", "kube-system")) with { Output = _output.Store() });

        Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.All(rig.Writes, write => Assert.Equal("talon", write.Namespace));
    }

    [Fact]
    public async Task Namespace_Given_HoldsTheJob()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Store.AddNamespace("captures");

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request(("namespace", "captures"))));

        Assert.All(rig.Writes, write => Assert.Equal("captures", write.Namespace));
        await NothingIsLeftAsync(rig, "captures");
    }

    [Fact]
    public async Task Namespace_Protected_IsIgnored()
    {
        await using var rig = await CaptureWork.StartAsync();

        var ignored = Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request(("namespace", "kube-system"))));

        Assert.Equal("no Job is made there: the namespace kube-system is protected", ignored.Reason);
        Assert.Empty(rig.Server.Requests.All);
    }

    [Fact]
    public async Task Run_AuditEvent_FindsItsPod()
    {
        await using var rig = await CaptureWork.StartAsync();
        var audit = TestEvents.Audit(
            ActionnerRig.Later(), ("ka.target.resource", "pods"), ("ka.target.name", "cart-0"), ("ka.target.namespace", "shop"));

        var outcome = await rig.RunAsync(ActionnerRig.Request("kubernetes:sysdig", audit) with { Output = _output.Store() });

        Assert.IsType<ActionOutcome.Succeeded>(outcome);
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public async Task MaxSize_OneByteMore_IsCutAndSaysSo(int size, bool cut)
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnExec(call => call.Argv[0] == "cat" ? ExecScript.Print(new string('x', size)) : null);

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request(("max_size", "100"))));

        Assert.Equal(100, Assert.Single(_output.Kept).Content.Length);
        Assert.Equal(cut, succeeded.Output.EndsWith("the capture was cut at 100 bytes, the max_size of the action", StringComparison.Ordinal));
        await NothingIsLeftAsync(rig, "talon");
    }

    [Fact]
    public async Task Run_LargeCapture_IsStreamedInPieces()
    {
        await using var rig = await CaptureWork.StartAsync();
        byte[] content = RandomNumberGenerator.GetBytes(3 << 20);
        rig.Server.Kubelets.OnExec(call => call.Argv[0] == "cat" ? new ExecScript { Stdout = new MemoryStream(content) } : null);

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Equal(content, Assert.Single(_output.Kept).Content);
        Assert.True(_output.LargestWrite <= 64 * 1024, $"{_output.LargestWrite}");
    }

    [Theory]
    [InlineData("pod", "the pod shop/cart-0")]
    [InlineData("node", "the whole node node1 of the pod shop/cart-0")]
    public async Task Prepare_DryRun_SaysWhatWouldBeDone(string scope, string whose)
    {
        await using var rig = await CaptureWork.StartAsync();

        var ready = Assert.IsType<Preparation.Ready>(
            await rig.Find("kubernetes:sysdig").PrepareAsync(Request(("scope", scope)), ActionnerRig.Scope()));

        string uid = rig.Server.Store.FindPod("shop", "cart-0")!.Uid;
        Assert.Equal(
            $"capture the system calls of {whose} (uid of the pod {uid}) for 5 s in the pod of a privileged Job in the namespace talon", ready.Intent);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public void DefaultTimeout_LeavesRoomForImageCaptureAndFetching() => Assert.Equal(
        TimeSpan.FromSeconds(30 + 10 + 60 + 512),
        new Talon.Actors.Actionners.Captures.Sysdig.SysdigActionner(null!, null!, null!, null!)
            .DefaultTimeout(Request(("duration", 10), ("image_wait", 60), ("max_size", "1Gi")).Action));

    internal static Task NothingIsLeftAsync(ActionnerRig rig, string namespaceName) => Eventually.TrueAsync(
        () => rig.Server.Store.List("jobs", namespaceName).Count == 0
            && rig.Server.Store.List("pods", namespaceName).All(pod => pod.IsTerminating));

    private static string Preconditions(ActionnerRig rig)
    {
        var request = Assert.Single(rig.Server.Requests.All, one => one.Verb == "delete");
        var body = JsonNode.Parse(request.Body)!;
        Assert.Equal("Background", (string?)body["propagationPolicy"]);
        body["preconditions"]!["uid"] = ((string)body["preconditions"]!["uid"]!).Length == 36 ? "_" : "?";
        return body["preconditions"]!.ToJsonString();
    }

    internal static string[] Ids(ActionnerRig rig) =>
        [.. rig.Server.Store.FindPod("shop", "cart-0")!.ToJson()["status"]!["containerStatuses"]!.AsArray().Select(status => ((string)status!["containerID"]!).Split("://")[1][..12])];

    internal static void SetId(ActionnerRig rig, string? id) => rig.Server.Store.Update("pods", "shop", "cart-0", pod =>
    {
        if (id is null)
        {
            pod["status"]!["containerStatuses"]![0]!.AsObject().Remove("containerID");
        }
        else
        {
            pod["status"]!["containerStatuses"]![0]!["containerID"] = id;
        }
    });

    private ActionRequest Request(params (string Name, object Value)[] parameters) =>
        PodWork.Request("kubernetes:sysdig", PodWork.Map(parameters)) with { Output = _output.Store() };
}
