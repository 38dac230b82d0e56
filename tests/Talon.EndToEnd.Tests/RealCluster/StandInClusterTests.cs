using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.RealCluster;

/// <summary>The specification against the stand-in.</summary>
public sealed class StandInClusterTests : ClusterSpec
{
    [Fact]
    public Task Terminate_RunningPod_IsGoneOrTerminating() => TerminateAsync();

    [Fact]
    public Task Label_RunningPod_CarriesTheLabel() => LabelAsync();

    [Fact]
    public Task NeverTheWrongPod_OtherUid_IsLeftAlone() => ReplacedPodAsync();

    [Fact]
    public Task AnAcceptedEventIsNeverLost_KilledAfterTheCall_BothActionsSucceed() => KilledAfterTheCallAsync();

    internal override async Task<Backend> ConnectAsync(string folder)
    {
        var api = await KubeApiServer.StartAsync(new KubeApiOptions { GraceTimeScale = 0.01 });
        return new Backend(api.WriteKubeconfig(Path.Combine(folder, "kubeconfig")), api);
    }
}
