using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Policies;

/// <summary>What the three network policies have in common.</summary>
public sealed class EgressPolicyTests
{
    [Theory]
    [InlineData("kubernetes:networkpolicy", "networkpolicies.networking.k8s.io")]
    [InlineData("calico:networkpolicy", "networkpolicies.projectcalico.org")]
    [InlineData("cilium:networkpolicy", "ciliumnetworkpolicies")]
    public async Task Run_PodOfADeployment_IsHeldByItsNameAndWrittenOnce(string actionner, string resource)
    {
        await using var rig = await ActionnerRig.StartAsync();
        await Objects.CreateWorkloadAsync(rig, "Deployment", "cart");

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request(rig, actionner, "203.0.113.7")));
        var again = Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request(rig, actionner, "203.0.113.7")));

        Assert.StartsWith("already ", again.Reason, StringComparison.Ordinal);
        Assert.Single(rig.Writes);
        Assert.Equal("talon", (string?)Objects.Read(rig, resource, "talon-cart")["metadata"]!["labels"]!["app.kubernetes.io/managed-by"]);
    }

    [Theory]
    [InlineData("calico:networkpolicy", "networkpolicies.projectcalico.org")]
    [InlineData("cilium:networkpolicy", "ciliumnetworkpolicies")]
    public async Task Run_TenAddressesAtOnce_AllEndInThePolicy(string actionner, string resource)
    {
        await using var rig = await ActionnerRig.StartAsync();
        await Objects.CreateWorkloadAsync(rig, "Deployment", "cart");

        var outcomes = await Task.WhenAll(Enumerable.Range(1, 10).Select(i => rig.RunAsync(Request(rig, actionner, $"203.0.113.{i}"))));

        Assert.All(outcomes, outcome => Assert.IsType<ActionOutcome.Succeeded>(outcome));
        string spec = Objects.Read(rig, resource, "talon-cart")["spec"]!.ToJsonString();
        Assert.All(Enumerable.Range(1, 10), i => Assert.Contains($"\"203.0.113.{i}/32\"", spec, StringComparison.Ordinal));
    }

    private static ActionRequest Request(ActionnerRig rig, string actionner, string address) => ActionnerRig.Request(
        actionner, TestEvents.Syscall(ActionnerRig.Later(), ("k8s.ns.name", "shop"), ("k8s.pod.name", Objects.Pod(rig)), ("fd.rip", address)));
}
