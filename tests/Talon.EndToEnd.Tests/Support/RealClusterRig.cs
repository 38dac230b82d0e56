using Talon.EndToEnd.Tests.RealCluster;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>The rig on the cluster that <c>TALON_TEST_KUBECONFIG</c> names; without one it starts nothing, since all tests are skipped.</summary>
public sealed class RealClusterRig<TRules>() : ClusterRig(new TRules())
    where TRules : IClusterRules, new()
{
    private protected override Task<(string Kubeconfig, KubeApiServer? StandIn)?> ConnectAsync(string folder) =>
        Task.FromResult<(string, KubeApiServer?)?>(RealClusterFactAttribute.Kubeconfig is { } kubeconfig ? (kubeconfig, null) : null);
}
