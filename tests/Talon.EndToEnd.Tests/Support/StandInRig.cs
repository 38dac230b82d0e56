using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>The rig on the stand-in.</summary>
public sealed class StandInRig<TRules>() : ClusterRig(new TRules())
    where TRules : IClusterRules, new()
{
    private protected override async Task<(string Kubeconfig, KubeApiServer? StandIn)?> ConnectAsync(string folder)
    {
        var server = await KubeApiServer.StartAsync(new KubeApiOptions { GraceTimeScale = Rules.TimeScale, EnforceRbac = Rules.Rights is not null });
        return (server.WriteKubeconfig(Path.Combine(folder, "kubeconfig")), server);
    }
}
