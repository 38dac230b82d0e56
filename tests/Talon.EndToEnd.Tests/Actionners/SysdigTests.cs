using k8s;
using k8s.Models;
using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>
/// What <c>kubernetes:sysdig</c> does on any cluster that can pull its image, lets privileged pods into new namespaces, and has a kernel
/// for it.
/// </summary>
public abstract class SysdigSpec(ClusterRig rig) : CaptureSpec(rig)
{
    private const string Chosen = "Chosen";
    private const string WholeNode = "WholeNode";
    private const string Elsewhere = "Elsewhere";
    private const string Forbidden = "Forbidden";

    internal static ActionnerRow Row => ActionnerRow.Capture("kubernetes:sysdig", "create", Captures.SysdigImage) with { Resource = "jobs" };

    // Another way to the usual socket of containerd: /var/run leads to /run.
    private const string Socket = "/var/run/containerd/containerd.sock";

    private protected override string What => "system calls";

    [ClusterFact(Needs.Kubelet, Captures.SysdigImage)]
    public async Task Run_Pod_StoresItsSystemCallsAndLeavesNoJob()
    {
        var pod = await Rig.AddPodAsync("plain");
        int before = Rig.Requests.Count;
        byte[] bytes = await Rig.CaptureAsync(pod, await Rig.OutcomeAsync(await Rig.PostAsync(Capture, pod)));
        Assert.Equal([0x1f, 0x8b], bytes[..2]);
        Assert.Contains($"command=container.id in ({pod.Status.ContainerStatuses[0].ContainerID.Split("://")[1][..12]})", CommandAfter(before), StringComparison.Ordinal);
        await Rig.NoJobIsLeftAsync();
    }

    [ClusterFact(Needs.Kubelet, Captures.SysdigImage)]
    public async Task Scope_Node_CapturesWithoutAFilter()
    {
        var pod = await Rig.AddPodAsync("node");
        int before = Rig.Requests.Count;
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(WholeNode, pod));
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Contains($"the whole node {pod.Spec.NodeName}", outcome["output"], StringComparison.Ordinal);
        Assert.DoesNotContain("container.id", CommandAfter(before), StringComparison.Ordinal);
        await Rig.NoJobIsLeftAsync();
    }

    [ClusterFact(Needs.Kubelet, Captures.SysdigImage)]
    public async Task Parameters_Given_AreUsed()
    {
        var pod = await Rig.AddPodAsync("chosen");
        int before = Rig.Requests.Count;
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(Chosen, pod));
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Contains($"command=--cri&command={Socket}&command=-M&command=2&command=-s&command=512&", CommandAfter(before), StringComparison.Ordinal);
        await Rig.NoJobIsLeftAsync();
    }

    [ClusterFact(Needs.Kubelet, Captures.SysdigImage)]
    public Task MaxSize_CaptureIsLarger_IsCutAndSaysSo() => CutAtMaxSizeAsync();

    [ClusterFact(Needs.Kubelet)]
    public async Task Namespace_Protected_IsIgnored()
    {
        var pod = await Rig.AddPodAsync("protected");
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(Forbidden, pod));
        Assert.Equal("ignored", outcome.Status);
        Assert.Contains("the namespace kube-system is protected", outcome.Text, StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet, Captures.SysdigImage)]
    public async Task Namespace_Given_IsWhereTheJobRuns()
    {
        var pod = await Rig.AddPodAsync("elsewhere");
        Assert.Equal("success", (await Rig.OutcomeAsync(await Rig.PostAsync(Elsewhere, pod))).Status);
        Assert.Single(Rig.Requests, request => request is { Verb: "create", Resource: "jobs" } && request.Namespace == Rig.Namespace);
        Assert.Empty((await Rig.Client.BatchV1.ListNamespacedJobAsync(Rig.Namespace)).Items);
    }

    [ClusterFact(Needs.Kubelet, Captures.SysdigImage)]
    public Task Run_SlowerThanItsTimeout_IsUnknownNotRepeatedAndLeavesNoJob() => EndAtTimeoutAsync();

    private protected override bool IsWrite(RecordedRequest request) =>
        request is { Verb: "create", Resource: "jobs" } && request.Namespace == Rig.OwnNamespace;

    // The first exec in the pod of the Job; the second one fetches the file.
    private string CommandAfter(int requests) => Uri.UnescapeDataString(
        Rig.Requests.Skip(requests).First(request => request is { Subresource: "exec" } && request.Namespace == Rig.OwnNamespace).Query.Replace('+', ' '));

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = RulesOf(
            "kubernetes:sysdig",
            (Chosen, $"    duration: 2\n    buffer_size: 512\n    runtime_socket: {Socket}\n    image_wait: 120\n"),
            (WholeNode, $"{Captures.Brief}    scope: node\n"),
            (Elsewhere, $"{Captures.Brief}    namespace: {ClusterRig.NamespaceMark}\n"),
            (Forbidden, "    namespace: kube-system\n"));

        public string Configuration => "retry:\n  max_age: 5s\n";

        // The pod of a capture lives for seconds.
        public double TimeScale => 1;
    }
}

public sealed class SysdigOnStandInTests(StandInRig<SysdigSpec.RuleSet> rig) : SysdigSpec(rig), IClassFixture<StandInRig<SysdigSpec.RuleSet>>;

public sealed class SysdigOnRealClusterTests(RealClusterRig<SysdigSpec.RuleSet> rig) : SysdigSpec(rig), IClassFixture<RealClusterRig<SysdigSpec.RuleSet>>;
