using k8s;
using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:exec</c> does on any cluster whose containers have a shell.</summary>
public abstract class ExecSpec(ClusterRig rig)
{
    private const string Image = "image:busybox:1.36";
    private const string Show = "Show";
    private const string Fail = "Fail";
    private const string Impatient = "Impatient";

    [ClusterFact(Needs.Kubelet, Image)]
    public async Task Run_HostileFileName_IsOnlyData()
    {
        var pod = await AddAsync("hostile");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Show, pod, ("fd.name", "x; echo PWNED $(echo PWNED) `echo PWNED` '\"")));
        Assert.Equal("success", outcome.Status);
        Assert.Contains("<x; echo PWNED $(echo PWNED) `echo PWNED` '\">", outcome["output"]);
        Assert.Contains("exit code 0", outcome["output"]);
    }

    [ClusterFact(Needs.Kubelet, Image)]
    public async Task Run_ExitCodeThree_FailsWithoutItsText()
    {
        var pod = await AddAsync("failing");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Fail, pod));
        Assert.Equal(("failure", "command_failed"), (outcome.Status, outcome.Result));
        Assert.Contains("exit code 3", outcome.Error);
        Assert.DoesNotContain("s3cret", outcome.Text);
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task Run_OtherUid_IsIgnored()
    {
        var pod = await rig.AddPodAsync("replaced");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Fail, pod, ("k8s.pod.uid", Guid.NewGuid().ToString())));
        Assert.Equal("ignored", outcome.Status);
        Assert.DoesNotContain(rig.RequestsOf(pod), r => r.Subresource == "exec");
    }

    [ClusterFact(Needs.Kubelet, Image)]
    public async Task Run_SlowerThanItsTimeout_IsUnknownAndNotRepeated()
    {
        var pod = await AddAsync("slow");
        var posted = await rig.PostAsync(Impatient, pod);
        var outcome = await rig.OutcomeAsync(posted);
        Assert.Equal(("failure", "unknown"), (outcome.Status, outcome.Result));
        Assert.Empty(rig.RetriesOf(posted));
        Assert.Single(rig.RequestsOf(pod), r => r.Subresource == "exec");
    }

    private Task<k8s.Models.V1Pod> AddAsync(string name) => rig.AddPodAsync(name, pod =>
    {
        pod.Spec.Containers[0].Image = "busybox:1.36";
        pod.Spec.Containers[0].Command = ["sleep", "3600"];
    });

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = string.Join(
            '\n',
            SpecRules.Of(Show, "kubernetes:exec", "    command: printf '<%s>' \"${FD_NAME}\"\n    inline: true\n"),
            SpecRules.Of(Fail, "kubernetes:exec", "    command: echo s3cret; exit 3\n"),
            SpecRules.Of(Impatient, "kubernetes:exec", "    command: sleep 30\n", "  timeout: 1s\n"));

        public string Configuration => "retry:\n  max_age: 3s\n";
    }
}
