using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:tcpdump</c> and <c>kubernetes:sysdig</c> have in common on any cluster.</summary>
public abstract class CaptureSpec
{
    private protected const string Capture = "Capture";
    private protected const string Small = "Small";
    private const string NoImage = "NoImage";
    private const string NoFolder = "NoFolder";
    private const string Impatient = "Impatient";
    private const string Rehearse = "Rehearse";

    private protected CaptureSpec(ClusterRig rig)
    {
        Rig = rig;
        rig.AddCapturePrograms();
    }

    private protected ClusterRig Rig { get; }

    /// <summary>What is captured, as messages name it.</summary>
    private protected abstract string What { get; }

    /// <summary>How many requests were to make the container so far.</summary>
    private protected int Writes => Rig.Requests.Count(IsWrite);

    [ClusterFact(Needs.Kubelet)]
    public async Task Run_ImageCannotBePulled_FailsAtOnceAndKeepsNothing()
    {
        var pod = await Rig.AddPodAsync("no-image");
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(NoImage, pod));
        Assert.Equal(("failure", "command_failed"), (outcome.Status, outcome.Result));
        Assert.Matches("it cannot start: (ErrImagePull|ImagePullBackOff)", outcome.Error);
        Assert.Empty(Rig.CapturesOf(pod));
        await Rig.NoJobIsLeftAsync();
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task Run_OtherUid_IsIgnored()
    {
        var pod = await Rig.AddPodAsync("replaced");
        int before = Writes;
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(Capture, pod, ("k8s.pod.uid", Guid.NewGuid().ToString())));
        Assert.Equal("ignored", outcome.Status);
        Assert.Equal(before, Writes);
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task DryRun_SaysWhatWouldBeDone()
    {
        var pod = await Rig.AddPodAsync("rehearsed");
        int before = Writes;
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(Rehearse, pod));
        Assert.Equal("ignored", outcome.Status);
        Assert.Contains($"dry run: would capture the {What} of the pod {Rig.Namespace}/rehearsed", outcome.Text, StringComparison.Ordinal);
        Assert.Equal(before, Writes);
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task Destination_FolderIsMissing_FailsBeforeAnythingIsWritten()
    {
        var pod = await Rig.AddPodAsync("no-folder");
        int before = Writes;
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(NoFolder, pod));
        Assert.Equal(("failure", "not_found"), (outcome.Status, outcome.Result));
        Assert.Equal(before, Writes);
    }

    private protected abstract bool IsWrite(RecordedRequest request);

    private protected async Task CutAtMaxSizeAsync()
    {
        var pod = await Rig.AddPodAsync("small");
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(Small, pod));
        Assert.Equal(8, (await Rig.CaptureAsync(pod, outcome)).Length);
        Assert.Contains("cut at 8 bytes, the max_size", outcome["output"], StringComparison.Ordinal);
    }

    private protected async Task EndAtTimeoutAsync()
    {
        var pod = await Rig.AddPodAsync("slow");
        int before = Writes;
        var posted = await Rig.PostAsync(Impatient, pod);
        var outcome = await Rig.OutcomeAsync(posted);
        Assert.Equal(("failure", "unknown"), (outcome.Status, outcome.Result));
        Assert.Empty(Rig.RetriesOf(posted));
        Assert.Equal(before + 1, Writes);
        Assert.Empty(Rig.CapturesOf(pod));
        await Rig.NoJobIsLeftAsync();
    }

    /// <summary>The rules of both classes.</summary>
    /// <param name="actionner">Its name.</param>
    /// <param name="own">The rules that only one has, by name and parameters.</param>
    private protected static string RulesOf(string actionner, params (string Name, string Parameters)[] own) => string.Join(
        '\n',
        [
            Captures.Rule(Capture, actionner, Captures.Brief),
            Captures.Rule(Small, actionner, $"{Captures.Brief}    max_size: \"8\"\n"),
            Captures.Rule(NoImage, actionner, $"{Captures.Brief}    image: {Captures.MissingImage}\n"),
            Captures.Rule(NoFolder, actionner, folder: $"{ClusterRig.ArtifactsMark}/none"),
            Captures.Rule(Impatient, actionner, "    duration: 30\n", $"  timeout: {ClusterRig.ContainerImpatienceMark}\n"),
            Captures.Rule(Rehearse, actionner) + "  dry_run: true\n",
            .. own.Select(rule => Captures.Rule(rule.Name, actionner, rule.Parameters)),
        ]);
}
