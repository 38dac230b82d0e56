using k8s;
using k8s.Models;
using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>
/// What <c>kubernetes:sysdig</c> does on any cluster that can pull its image, lets privileged pods into new namespaces, and has a kernel
/// for it.
/// </summary>
public abstract class SysdigSpec
{
    private const string Capture = "Capture";
    private const string WholeNode = "WholeNode";
    private const string Small = "Small";
    private const string NoImage = "NoImage";
    private const string NoFolder = "NoFolder";
    private const string Forbidden = "Forbidden";
    private const string Impatient = "Impatient";
    private const string Rehearse = "Rehearse";

    private readonly ClusterRig _rig;

    protected SysdigSpec(ClusterRig rig)
    {
        _rig = rig;
        rig.AddCapturePrograms();
    }

    [ClusterFact(Needs.Kubelet, Captures.SysdigImage)]
    public async Task Run_Pod_StoresItsSystemCallsAndLeavesNoJob()
    {
        var pod = await _rig.AddPodAsync("plain");
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(Capture, pod));
        byte[] bytes = await _rig.CaptureAsync(pod, outcome);
        Assert.Equal([0x1f, 0x8b], bytes[..2]);
        string query = Uri.UnescapeDataString(_rig.Requests.First(r => IsExec(r, "timeout")).Query.Replace('+', ' '));
        Assert.Contains($"command=container.id in ({IdOf(pod)})", query, StringComparison.Ordinal);
        await NothingIsLeftAsync();
    }

    [ClusterFact(Needs.Kubelet, Captures.SysdigImage)]
    public async Task Scope_Node_CapturesWithoutAFilter()
    {
        var pod = await _rig.AddPodAsync("node");
        int before = _rig.Requests.Count;
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(WholeNode, pod));
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Contains($"the whole node {pod.Spec.NodeName}", outcome["output"], StringComparison.Ordinal);
        Assert.DoesNotContain("container.id", _rig.Requests.Skip(before).First(r => IsExec(r, "timeout")).Query, StringComparison.Ordinal);
        await NothingIsLeftAsync();
    }

    [ClusterFact(Needs.Kubelet, Captures.SysdigImage)]
    public async Task MaxSize_CaptureIsLarger_IsCutAndSaysSo()
    {
        var pod = await _rig.AddPodAsync("small");
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(Small, pod));
        Assert.Equal(8, (await _rig.CaptureAsync(pod, outcome)).Length);
        Assert.Contains("cut at 8 bytes, the max_size", outcome["output"], StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task Run_ImageCannotBePulled_FailsAtOnceAndLeavesNoJob()
    {
        var pod = await _rig.AddPodAsync("no-image");
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(NoImage, pod));
        Assert.Equal(("failure", "command_failed"), (outcome.Status, outcome.Result));
        Assert.Matches("it cannot start: (ErrImagePull|ImagePullBackOff)", outcome.Error);
        await NothingIsLeftAsync();
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
        int before = Creations();
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(Capture, pod, ("k8s.pod.uid", Guid.NewGuid().ToString())));
        Assert.Equal("ignored", outcome.Status);
        Assert.Equal(before, Creations());
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task Namespace_Protected_IsIgnored()
    {
        var pod = await _rig.AddPodAsync("protected");
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(Forbidden, pod));
        Assert.Equal("ignored", outcome.Status);
        Assert.Contains("the namespace kube-system is protected", outcome.Text, StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task DryRun_SaysWhatWouldBeDone()
    {
        var pod = await _rig.AddPodAsync("rehearsed");
        int before = Creations();
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(Rehearse, pod));
        Assert.Equal("ignored", outcome.Status);
        Assert.Contains($"dry run: would capture the system calls of the pod {_rig.Namespace}/rehearsed", outcome.Text, StringComparison.Ordinal);
        Assert.Equal(before, Creations());
    }

    [ClusterTheory(Needs.Kubelet)]
    [InlineData(403, "forbidden")]
    [InlineData(409, "conflict")]
    [InlineData(422, "rejected")]
    public async Task Run_JobRefused_FailsAtOnce(int status, string result)
    {
        var pod = await _rig.AddPodAsync($"refused-{status}");
        int before = Creations();
        _rig.AddFault(FaultRule.Answer(status, 1, "create") with { Resource = "jobs", Namespace = $"^{_rig.OwnNamespace}$" });
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(Capture, pod));
        Assert.Equal(("failure", result), (outcome.Status, outcome.Result));
        Assert.Equal(before + 1, Creations());
        await NothingIsLeftAsync();
    }

    [ClusterFact(Needs.Kubelet, Captures.SysdigImage)]
    public async Task Run_Throttled_WaitsAsAskedAndSucceeds()
    {
        var pod = await _rig.AddPodAsync("throttled");
        _rig.AddFault(FaultRule.Answer(429, 1, "create") with { Resource = "jobs", Namespace = $"^{_rig.OwnNamespace}$", RetryAfterSeconds = 1 });
        var posted = await _rig.PostAsync(Capture, pod);
        Assert.Equal("success", (await _rig.OutcomeAsync(posted)).Status);
        Assert.Single(_rig.RetriesOf(posted));
        await NothingIsLeftAsync();
    }

    [ClusterFact(Needs.Kubelet, Captures.SysdigImage)]
    public async Task Run_SlowerThanItsTimeout_IsUnknownNotRepeatedAndLeavesNoJob()
    {
        var pod = await _rig.AddPodAsync("slow");
        int before = Creations();
        var posted = await _rig.PostAsync(Impatient, pod);
        var outcome = await _rig.OutcomeAsync(posted);
        Assert.Equal(("failure", "unknown"), (outcome.Status, outcome.Result));
        Assert.Empty(_rig.RetriesOf(posted));
        Assert.Equal(before + 1, Creations());
        Assert.Empty(_rig.CapturesOf(pod));
        await NothingIsLeftAsync();
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task Destination_FolderIsMissing_FailsBeforeAnythingIsWritten()
    {
        var pod = await _rig.AddPodAsync("no-folder");
        int before = Creations();
        var outcome = await _rig.OutcomeAsync(await _rig.PostAsync(NoFolder, pod));
        Assert.Equal(("failure", "not_found"), (outcome.Status, outcome.Result));
        Assert.Equal(before, Creations());
    }

    private static string IdOf(V1Pod pod) => pod.Status.ContainerStatuses[0].ContainerID.Split("://")[1][..12];

    private bool IsExec(RecordedRequest request, string program) =>
        request is { Subresource: "exec" } && request.Namespace == _rig.OwnNamespace && request.Query.Contains($"command={program}", StringComparison.Ordinal);

    private int Creations() => _rig.Requests.Count(request => request is { Verb: "create", Resource: "jobs" } && request.Namespace == _rig.OwnNamespace);

    private async Task NothingIsLeftAsync() => await Eventually.GetAsync(
        async () => (await _rig.Client.BatchV1.ListNamespacedJobAsync(_rig.OwnNamespace)).Items.Count == 0
            && (await _rig.Client.CoreV1.ListNamespacedPodAsync(_rig.OwnNamespace)).Items.All(pod => pod.Metadata.DeletionTimestamp is not null)
                ? "gone"
                : null,
        () => "a Job or its pod is left",
        TimeSpan.FromMinutes(1));

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        private const string Wait = "    image_wait: 120\n";

        public string Rules { get; } = string.Join(
            '\n',
            Captures.Rule(Capture, "kubernetes:sysdig", $"    duration: 1\n{Wait}"),
            Captures.Rule(WholeNode, "kubernetes:sysdig", $"    duration: 1\n    scope: node\n{Wait}"),
            Captures.Rule(Small, "kubernetes:sysdig", $"    duration: 1\n    max_size: \"8\"\n{Wait}"),
            Captures.Rule(NoImage, "kubernetes:sysdig", $"    image: {Captures.MissingImage}\n{Wait}"),
            Captures.Rule(NoFolder, "kubernetes:sysdig", folder: $"{ClusterRig.ArtifactsMark}/none"),
            Captures.Rule(Forbidden, "kubernetes:sysdig", "    namespace: kube-system\n"),
            Captures.Rule(Impatient, "kubernetes:sysdig", "    duration: 30\n", "  timeout: 5s\n"),
            Captures.Rule(Rehearse, "kubernetes:sysdig") + "  dry_run: true\n");

        public string Configuration => "retry:\n  max_age: 5s\n";

        // The pod of a capture lives for seconds.
        public double TimeScale => 1;
    }
}
