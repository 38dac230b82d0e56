using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Tests.Actionners;
using Talon.KubeApi;

namespace Talon.Actors.Tests.Clients.Kubernetes.Calls;

/// <summary>What a call says of the API server itself, which is all that opens a circuit.</summary>
public sealed class KubeCallerTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(403, true)]
    [InlineData(404, true)]
    [InlineData(409, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, false)]
    public async Task Call_Answered_TellsWhetherTheServerIsThere(int status, bool reached)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");
        if (status > 0)
        {
            rig.Server.Faults.Add(FaultRule.Answer(status));
        }

        Assert.Equal(reached, (await GetAsync(rig)).Reached);
    }

    [Theory]
    [InlineData(FaultKind.HtmlBody502, true)]
    [InlineData(FaultKind.ResetBeforeEffect, null)]
    [InlineData(FaultKind.EmptyBody200, null)]
    public async Task Call_Broken_TellsOnlyWhatIsKnown(FaultKind fault, bool? reached)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Faults.Add(FaultRule.Of(fault));

        Assert.Equal(reached, (await GetAsync(rig)).Reached);
    }

    [Fact]
    public async Task Call_NothingListens_WasNotReached()
    {
        await using var rig = await ActionnerRig.StartAsync();
        await rig.Server.StopListeningAsync();

        Assert.False((await GetAsync(rig)).Reached);
    }

    [Theory]
    [InlineData(1200, false)]
    [InlineData(100, null)]
    public async Task Call_NoAnswer_CountsOnlyAfterAFairWait(int milliseconds, bool? reached)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Faults.Add(FaultRule.Of(FaultKind.StallHeaders));
        using var deadline = new CancellationTokenSource(milliseconds);

        Assert.Equal(reached, (await GetAsync(rig, ActionnerRig.Scope(token: deadline.Token))).Reached);
    }

    private static async Task<CallScope> GetAsync(ActionnerRig rig, CallScope? scope = null)
    {
        Assert.True(NamespaceName.TryCreate("shop", out var namespaceName));
        Assert.True(KubeName.TryCreate("cart-0", out var name));
        scope ??= ActionnerRig.Scope();
        await rig.Ports.Kubernetes.Pods.GetAsync(namespaceName, name, scope);
        return scope;
    }
}
