namespace Talon.EndToEnd.Tests.RealCluster;

/// <summary>The specification against the cluster that <c>TALON_TEST_KUBECONFIG</c> names.</summary>
public sealed class RealClusterTests : ClusterSpec
{
    [RealClusterFact]
    public Task Terminate_RunningPod_IsGoneOrTerminating() => TerminateAsync();

    [RealClusterFact]
    public Task Label_RunningPod_CarriesTheLabel() => LabelAsync();

    [RealClusterFact]
    public Task NeverTheWrongPod_OtherUid_IsLeftAlone() => ReplacedPodAsync();

    [RealClusterFact]
    public Task AnAcceptedEventIsNeverLost_KilledAfterTheCall_BothActionsSucceed() => KilledAfterTheCallAsync();

    internal override Task<Backend> ConnectAsync(string folder) => Task.FromResult(new Backend(RealClusterFactAttribute.Kubeconfig!, new Nothing()));

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
