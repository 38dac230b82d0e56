using k8s;
using k8s.Models;
using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:tcpdump</c> does on any cluster that can pull its image.</summary>
public abstract class TcpdumpSpec
{
    private const string Capture = "Capture";
    private const string Chosen = "Chosen";
    private const string Small = "Small";
    private const string NoImage = "NoImage";
    private const string NoFolder = "NoFolder";
    private const string Impatient = "Impatient";
    private const string Rehearse = "Rehearse";
    private const string Ephemeral = "ephemeralcontainers";

    private readonly ClusterRig _rig;

    protected TcpdumpSpec(ClusterRig rig)
    {
        _rig = rig;
        rig.AddCapturePrograms();
    }

    [ClusterFact(Needs.Kubelet, Captures.TcpdumpImage)]
    public async Task Run_Pod_StoresPacketsAndLeavesOneContainerWithFewRights()
    {
        var pod = await _rig.AddPodAsync("plain");
        byte[] bytes = await _rig.CaptureAsync(pod, await _rig.OutcomeAsync(await _rig.PostAsync(Capture, pod)));
        Assert.Equal([0xd4, 0xc3, 0xb2, 0xa1], bytes[..4]);

        var container = Assert.Single((await _rig.ReadAsync(pod))!.Spec.EphemeralContainers);
        Assert.StartsWith("talon-tcpdump-", container.Name, StringComparison.Ordinal);
        Assert.Equal("main", container.TargetContainerName);
        Assert.Equal((false, false), (container.SecurityContext.Privileged, container.SecurityContext.AllowPrivilegeEscalation));
        Assert.Equal(["NET_RAW", "SETGID", "SETUID"], container.SecurityContext.Capabilities.Add);
    }

    [ClusterFact(Needs.Kubelet, Captures.TcpdumpImage)]
    public async Task Parameters_Given_AreUsed()
    {
        var pod = await _rig.AddPodAsync("chosen", p => p.Spec.Containers.Add(new V1Container { Name = "side", Image = "busybox:1.36", Command = ["sleep", "3600"] }));
        Assert.Equal("success", (await _rig.OutcomeAsync(await _rig.PostAsync(Chosen, pod))).Status);
        Assert.Equal("side", Assert.Single((await _rig.ReadAsync(pod))!.Spec.EphemeralContainers).TargetContainerName);
        Assert.Contains("command=timeout&command=2&command=tcpdump", ExecOf(pod).Query, StringComparison.Ordinal);
        Assert.Contains("command=-s&command=64&", ExecOf(pod).Query, StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet, Captures.TcpdumpImage)]
    public async Task MaxSize_CaptureIsLarger_IsCutAndSaysSo()
    {
        var pod = await _rig.AddPodAsync("small");
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(Small, pod));
        Assert.Equal(8, (await _rig.CaptureAsync(pod, outcome)).Length);
        Assert.Contains("cut at 8 bytes, the max_size", outcome["output"], StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet, Captures.TcpdumpImage)]
    public async Task Run_SixthTime_IsRefusedWithTheReason()
    {
        var pod = await _rig.AddPodAsync("often");
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal("success", (await _rig.OutcomeAsync(await _rig.PostAsync(Small, pod))).Status);
        }

        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(Small, pod));
        Assert.Equal(("failure", "rejected"), (outcome.Status, outcome.Result));
        Assert.Contains("the pod has 5 ephemeral containers of Talon already", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(5, (await _rig.ReadAsync(pod))!.Spec.EphemeralContainers.Count);
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task Run_ImageCannotBePulled_FailsAtOnce()
    {
        var pod = await _rig.AddPodAsync("no-image");
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(NoImage, pod));
        Assert.Equal(("failure", "command_failed"), (outcome.Status, outcome.Result));
        Assert.Matches("it cannot start: (ErrImagePull|ImagePullBackOff)", outcome.Error);
        Assert.Empty(_rig.CapturesOf(pod));
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task Run_PodIsGone_FailsAsNotFound()
    {
        var pod = await _rig.AddPodAsync("gone");
        await _rig.Client.CoreV1.DeleteNamespacedPodAsync("gone", _rig.Namespace, gracePeriodSeconds: 0);
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(Capture, pod));
        Assert.Equal(("failure", "not_found"), (outcome.Status, outcome.Result));
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task Run_OtherUid_IsIgnored()
    {
        var pod = await _rig.AddPodAsync("replaced");
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(Capture, pod, ("k8s.pod.uid", Guid.NewGuid().ToString())));
        Assert.Equal("ignored", outcome.Status);
        Assert.Empty(PatchesOf(pod));
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task Run_ProtectedNamespace_IsIgnored()
    {
        var pod = await _rig.AddPodAsync("elsewhere");
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(Capture, pod, ("k8s.ns.name", "kube-system")));
        Assert.Equal("ignored", outcome.Status);
        Assert.Contains("protected", outcome.Text, StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task DryRun_SaysWhatWouldBeDone()
    {
        var pod = await _rig.AddPodAsync("rehearsed");
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(Rehearse, pod));
        Assert.Equal("ignored", outcome.Status);
        Assert.Contains($"dry run: would capture the packets of the pod {_rig.Namespace}/rehearsed", outcome.Text, StringComparison.Ordinal);
        Assert.Empty(PatchesOf(pod));
    }

    [ClusterTheory(Needs.Kubelet)]
    [InlineData(403, "forbidden")]
    [InlineData(409, "conflict")]
    [InlineData(422, "rejected")]
    public async Task Run_Refused_FailsAtOnce(int status, string result)
    {
        var pod = await _rig.AddPodAsync($"refused-{status}");
        _rig.AddFault(pod, FaultRule.Answer(status) with { Subresource = Ephemeral });
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(Capture, pod));
        Assert.Equal(("failure", result), (outcome.Status, outcome.Result));
        Assert.Single(PatchesOf(pod));
    }

    [ClusterFact(Needs.Kubelet, Captures.TcpdumpImage)]
    public async Task Run_Throttled_WaitsAsAskedAndSucceeds()
    {
        var pod = await _rig.AddPodAsync("throttled");
        _rig.AddFault(pod, FaultRule.Answer(429, 1) with { Subresource = Ephemeral, RetryAfterSeconds = 1 });
        var posted = await _rig.PostAsync(Capture, pod);
        Assert.Equal("success", (await _rig.OutcomeAsync(posted)).Status);
        Assert.Single(_rig.RetriesOf(posted));
        Assert.Single((await _rig.ReadAsync(pod))!.Spec.EphemeralContainers);
    }

    [ClusterFact(Needs.Kubelet, Captures.TcpdumpImage)]
    public async Task Run_ExecThrottled_GoesOnInTheSameContainer()
    {
        var pod = await _rig.AddPodAsync("throttled-later");
        _rig.AddFault(pod, FaultRule.Answer(429, 1) with { Subresource = "exec", RetryAfterSeconds = 1 });
        var posted = await _rig.PostAsync(Capture, pod);
        Assert.Equal("success", (await _rig.OutcomeAsync(posted)).Status);
        Assert.Empty(_rig.RetriesOf(posted));
        Assert.Single((await _rig.ReadAsync(pod))!.Spec.EphemeralContainers);
    }

    [ClusterFact(Needs.Kubelet, Captures.TcpdumpImage)]
    public async Task Run_SlowerThanItsTimeout_IsUnknownAndNotRepeated()
    {
        var pod = await _rig.AddPodAsync("slow");
        var posted = await _rig.PostAsync(Impatient, pod);
        var outcome = await _rig.OutcomeAsync(posted);
        Assert.Equal(("failure", "unknown"), (outcome.Status, outcome.Result));
        Assert.Empty(_rig.RetriesOf(posted));
        Assert.Single(PatchesOf(pod));
        Assert.Empty(_rig.CapturesOf(pod));
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task Destination_FolderIsMissing_FailsBeforeAnythingIsWritten()
    {
        var pod = await _rig.AddPodAsync("no-folder");
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(NoFolder, pod));
        Assert.Equal(("failure", "not_found"), (outcome.Status, outcome.Result));
        Assert.Empty(PatchesOf(pod));
    }

    private IEnumerable<RecordedRequest> PatchesOf(V1Pod pod) => _rig.RequestsOf(pod).Where(request => request.Subresource == Ephemeral);

    private RecordedRequest ExecOf(V1Pod pod) => Assert.Single(_rig.RequestsOf(pod), request => request.Subresource == "exec");

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        private const string Wait = "    image_wait: 120\n";

        public string Rules { get; } = string.Join(
            '\n',
            Captures.Rule(Capture, "kubernetes:tcpdump", $"    duration: 1\n{Wait}"),
            Captures.Rule(Chosen, "kubernetes:tcpdump", $"    duration: 2\n    snaplen: 64\n    container: side\n{Wait}"),
            Captures.Rule(Small, "kubernetes:tcpdump", $"    duration: 1\n    max_size: \"8\"\n{Wait}"),
            Captures.Rule(NoImage, "kubernetes:tcpdump", $"    image: {Captures.MissingImage}\n{Wait}"),
            Captures.Rule(NoFolder, "kubernetes:tcpdump", folder: $"{ClusterRig.ArtifactsMark}/none"),
            Captures.Rule(Impatient, "kubernetes:tcpdump", "    duration: 30\n", "  timeout: 5s\n"),
            Captures.Rule(Rehearse, "kubernetes:tcpdump") + "  dry_run: true\n");

        public string Configuration => "retry:\n  max_age: 5s\n";

        // The containers of captures live for seconds.
        public double TimeScale => 1;
    }
}
