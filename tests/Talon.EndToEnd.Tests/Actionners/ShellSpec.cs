using k8s.Models;
using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:exec</c> and <c>kubernetes:script</c> have in common on any cluster whose containers have a shell.</summary>
public abstract class ShellSpec(ClusterRig rig)
{
    private const string Show = "Show";
    private const string Hide = "Hide";
    private const string Fail = "Fail";
    private const string Other = "Other";
    private const string OtherShell = "OtherShell";
    private const string NoShell = "NoShell";
    private const string Unset = "Unset";
    private const string Cut = "Cut";
    private const string Impatient = "Impatient";

    private protected ClusterRig Rig { get; } = rig;

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Run_HostileFileName_IsOnlyData()
    {
        var pod = await Rig.AddShellPodAsync("hostile");
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(Show, pod, ("fd.name", "x; echo PWNED $(echo PWNED) `echo PWNED` '\"")));
        Assert.Equal("success", outcome.Status);
        Assert.Contains("<x; echo PWNED $(echo PWNED) `echo PWNED` '\">", outcome["output"], StringComparison.Ordinal);
        Assert.Contains("exit code 0", outcome["output"], StringComparison.Ordinal);
        Assert.Contains("hostile", outcome["objects"], StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Run_ExitCodeThree_FailsWithoutItsText()
    {
        var pod = await Rig.AddShellPodAsync("failing");
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(Fail, pod));
        Assert.Equal(("failure", "command_failed"), (outcome.Status, outcome.Result));
        Assert.Contains("exit code 3", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("stderr 7 bytes", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", outcome.Text, StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Run_SlowerThanItsTimeout_IsUnknownAndNotRepeated()
    {
        var pod = await Rig.AddShellPodAsync("slow");
        var posted = await Rig.PostAsync(Impatient, pod);
        var outcome = await Rig.OutcomeAsync(posted);
        Assert.Equal(("failure", "unknown"), (outcome.Status, outcome.Result));
        Assert.Empty(Rig.RetriesOf(posted));
        Assert.Single(ExecsOf(pod));
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Inline_NotGiven_OnlySizeAndDigestAreShown()
    {
        var pod = await Rig.AddShellPodAsync("hidden");
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(Hide, pod));
        Assert.Equal("success", outcome.Status);
        Assert.Contains("stdout 6 bytes (sha256 1ec1c26b50d5d3c58d9583181af8076655fe00756bf7285940ba3670f99fcba0)", outcome["output"], StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", outcome.Text, StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task MaxOutput_MoreIsPrinted_OnlySoMuchIsShown()
    {
        var pod = await Rig.AddShellPodAsync("long");
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(Cut, pod));
        Assert.Equal("success", outcome.Status);
        Assert.Contains("stdout 10 bytes", outcome["output"], StringComparison.Ordinal);
        Assert.EndsWith("stdout:\n0123", outcome["output"], StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Shell_Given_IsTheOneThatRuns()
    {
        var pod = await Rig.AddShellPodAsync("shell");
        Assert.Equal("success", (await Rig.OutcomeAsync(await Rig.PostAsync(OtherShell, pod))).Status);
        Assert.Equal("success", (await Rig.OutcomeAsync(await Rig.PostAsync(Hide, pod))).Status);
        var execs = ExecsOf(pod);
        Assert.Equal(2, execs.Count);
        Assert.Contains("command=sh&", execs[0].Query, StringComparison.Ordinal);
        Assert.Contains("command=%2Fbin%2Fsh&", execs[1].Query, StringComparison.OrdinalIgnoreCase);
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Shell_ContainerHasNoSuch_FailsAndSaysSo()
    {
        var pod = await Rig.AddShellPodAsync("no-shell");
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(NoShell, pod));
        Assert.Equal(("failure", "command_failed"), (outcome.Status, outcome.Result));
        Assert.Contains("could not be started", outcome.Error, StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Container_Given_IsTheOneItRunsIn()
    {
        var pod = await AddTwoAsync("two");
        Assert.Equal("success", (await Rig.OutcomeAsync(await Rig.PostAsync(Other, pod))).Status);
        Assert.Contains("container=side&", Assert.Single(ExecsOf(pod)).Query + "&", StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Container_PodHasNoSuch_FailsAsNotFound()
    {
        var pod = await Rig.AddShellPodAsync("one");
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(Other, pod));
        Assert.Equal(("failure", "not_found"), (outcome.Status, outcome.Result));
        Assert.Empty(ExecsOf(pod));
    }

    [ClusterTheory(Needs.Kubelet, Needs.ShellImage)]
    [InlineData("by-id", "side")]
    [InlineData("by-name", "side")]
    [InlineData("by-annotation", "side")]
    [InlineData("by-order", "main")]
    public async Task Container_NotGiven_IsThatOfTheEventElseThatOfThePod(string how, string expected)
    {
        var pod = await AddTwoAsync(how, p => p.Metadata.Annotations = how == "by-annotation"
            ? new Dictionary<string, string>(StringComparer.Ordinal) { ["kubectl.kubernetes.io/default-container"] = "side" }
            : null);
        string id = pod.Status.ContainerStatuses.Single(status => status.Name == "side").ContainerID.Split("://")[1][..12];
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(
            Hide, pod, ("k8s.pod.uid", pod.Metadata.Uid), ("container.id", how == "by-id" ? id : "host"), ("container.name", how == "by-name" ? "side" : null)));
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Contains($"container={expected}&", Assert.Single(ExecsOf(pod)).Query + "&", StringComparison.Ordinal);
    }

    [ClusterTheory(Needs.Kubelet, Needs.ShellImage)]
    [InlineData(Show, "failure", "invalid")]
    [InlineData(Unset, "success", "")]
    public async Task AllowUnsetVariables_EventHasNoSuchField_DecidesWhetherItRuns(string rule, string status, string result)
    {
        var pod = await Rig.AddShellPodAsync($"unset-{rule.ToLowerInvariant()}");
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(rule, pod));
        Assert.Equal((status, result), (outcome.Status, outcome.Result));
        Assert.Equal(status == "success" ? 1 : 0, ExecsOf(pod).Count);
        Assert.Equal(status == "success", outcome["output"].Contains("<>", StringComparison.Ordinal));
    }

    private protected List<RecordedRequest> ExecsOf(V1Pod pod) => [.. Rig.RequestsOf(pod).Where(r => r.Subresource == "exec")];

    private Task<V1Pod> AddTwoAsync(string name, Action<V1Pod>? change = null) => Rig.AddShellPodAsync(name, pod =>
    {
        pod.Spec.Containers.Add(ShellPods.Container("side"));
        change?.Invoke(pod);
    });

    /// <summary>The rules of both classes.</summary>
    /// <param name="actionner">Its name.</param>
    /// <param name="parameter">The parameter that holds the text for the shell.</param>
    private protected static string RulesOf(string actionner, string parameter)
    {
        return string.Join(
            '\n',
            Rule(Show, "printf '<%s>' \"${FD_NAME}\"", "    inline: true\n"),
            Rule(Hide, "printf s3cret"),
            Rule(Fail, "echo s3cret >&2; exit 3"),
            Rule(Other, "true", "    container: side\n"),
            Rule(OtherShell, "true", "    shell: sh\n"),
            Rule(NoShell, "true", "    shell: /opt/none/bash\n"),
            Rule(Unset, "printf '<%s>' \"${FD_NAME}\"", "    inline: true\n    allow_unset_variables: true\n"),
            Rule(Cut, "printf 0123456789", "    inline: true\n    max_output: \"4\"\n"),
            Rule(Impatient, "sleep 60", "", $"  timeout: {ClusterRig.ImpatienceMark}\n"));

        string Rule(string name, string text, string more = "", string action = "") =>
            SpecRules.Of(name, actionner, $"    {parameter}: |\n      {text}\n{more}", action);
    }
}
