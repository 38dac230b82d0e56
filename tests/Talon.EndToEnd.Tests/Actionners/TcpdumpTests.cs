using k8s.Models;
using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:tcpdump</c> does on any cluster that can pull its image.</summary>
public abstract class TcpdumpSpec(ClusterRig rig) : CaptureSpec(rig)
{
    private const string Chosen = "Chosen";

    internal static ActionnerRow Row => ActionnerRow.Capture("kubernetes:tcpdump", "patch", Captures.TcpdumpImage) with { Subresource = "ephemeralcontainers" };

    private protected override string What => "packets";

    [ClusterFact(Needs.Kubelet, Captures.TcpdumpImage)]
    public async Task Run_Pod_StoresPacketsAndLeavesOneContainerWithFewRights()
    {
        var pod = await Rig.AddPodAsync("plain");
        byte[] bytes = await Rig.CaptureAsync(pod, await Rig.OutcomeAsync(await Rig.PostAsync(Capture, pod)));
        Assert.Equal([0xd4, 0xc3, 0xb2, 0xa1], bytes[..4]);

        var container = Assert.Single((await Rig.ReadAsync(pod))!.Spec.EphemeralContainers);
        Assert.StartsWith("talon-tcpdump-", container.Name, StringComparison.Ordinal);
        Assert.Equal("main", container.TargetContainerName);
        Assert.Equal((false, false), (container.SecurityContext.Privileged, container.SecurityContext.AllowPrivilegeEscalation));
        Assert.Equal(["NET_RAW", "SETGID", "SETUID"], container.SecurityContext.Capabilities.Add);
    }

    [ClusterFact(Needs.Kubelet, Captures.TcpdumpImage)]
    public async Task Parameters_Given_AreUsed()
    {
        var pod = await Rig.AddPodAsync("chosen", p => p.Spec.Containers.Add(new V1Container { Name = "side", Image = "busybox:1.36", Command = ["sleep", "3600"] }));
        Assert.Equal("success", (await Rig.OutcomeAsync(await Rig.PostAsync(Chosen, pod))).Status);
        Assert.Equal("side", Assert.Single((await Rig.ReadAsync(pod))!.Spec.EphemeralContainers).TargetContainerName);
        string query = Assert.Single(Rig.RequestsOf(pod), request => request.Subresource == "exec").Query;
        Assert.Contains("command=timeout&command=2&command=tcpdump", query, StringComparison.Ordinal);
        Assert.Contains("command=-s&command=64&", query, StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet, Captures.TcpdumpImage)]
    public Task MaxSize_CaptureIsLarger_IsCutAndSaysSo() => CutAtMaxSizeAsync();

    [ClusterFact(Needs.Kubelet, Captures.TcpdumpImage)]
    public async Task Run_SixthTime_IsRefusedWithTheReason()
    {
        var pod = await Rig.AddPodAsync("often");
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal("success", (await Rig.OutcomeAsync(await Rig.PostAsync(Small, pod))).Status);
        }

        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(Small, pod));
        Assert.Equal(("failure", "rejected"), (outcome.Status, outcome.Result));
        Assert.Contains("the pod has 5 ephemeral containers of Talon already", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(5, (await Rig.ReadAsync(pod))!.Spec.EphemeralContainers.Count);
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task Run_ProtectedNamespace_IsIgnored()
    {
        var pod = await Rig.AddPodAsync("elsewhere");
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(Capture, pod, ("k8s.ns.name", "kube-system")));
        Assert.Equal("ignored", outcome.Status);
        Assert.Contains("protected", outcome.Text, StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet, Captures.TcpdumpImage)]
    public async Task Run_ExecThrottled_GoesOnInTheSameContainer()
    {
        var pod = await Rig.AddPodAsync("throttled-later");
        Rig.AddFault(pod, FaultRule.Answer(429, 1) with { Subresource = "exec", RetryAfterSeconds = 1 });
        var posted = await Rig.PostAsync(Capture, pod);
        Assert.Equal("success", (await Rig.OutcomeAsync(posted)).Status);
        Assert.Empty(Rig.RetriesOf(posted));
        Assert.Single((await Rig.ReadAsync(pod))!.Spec.EphemeralContainers);
    }

    [ClusterFact(Needs.Kubelet, Captures.TcpdumpImage)]
    public Task Run_SlowerThanItsTimeout_IsUnknownAndNotRepeated() => EndAtTimeoutAsync();

    private protected override bool IsWrite(RecordedRequest request) => request.Subresource == "ephemeralcontainers";

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = RulesOf("kubernetes:tcpdump", (Chosen, "    duration: 2\n    snaplen: 64\n    container: side\n    image_wait: 120\n"));

        public string Configuration => "retry:\n  max_age: 5s\n";

        // The containers of captures live for seconds.
        public double TimeScale => 1;
    }
}

public sealed class TcpdumpOnStandInTests(StandInRig<TcpdumpSpec.RuleSet> rig) : TcpdumpSpec(rig), IClassFixture<StandInRig<TcpdumpSpec.RuleSet>>;

public sealed class TcpdumpOnRealClusterTests(RealClusterRig<TcpdumpSpec.RuleSet> rig) : TcpdumpSpec(rig), IClassFixture<RealClusterRig<TcpdumpSpec.RuleSet>>;
