using System.Net;
using System.Text;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Tests.Actionners;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Clients.Kubernetes.Calls;

public sealed class KubePodControllersTests
{
    [Theory]
    [InlineData(nameof(PodControllerKind.ReplicaSet), "null")]
    [InlineData(nameof(PodControllerKind.StatefulSet), "null")]
    [InlineData(nameof(PodControllerKind.DaemonSet), "null")]
    [InlineData(nameof(PodControllerKind.ReplicaSet), "{}")]
    [InlineData(nameof(PodControllerKind.StatefulSet), "{}")]
    [InlineData(nameof(PodControllerKind.DaemonSet), "{}")]
    public async Task Get_AnswerThatIsNoController_IsAServerError(string kind, string body)
    {
        await using var rig = await ActionnerRig.StartAsync(extraHandlers: [() => new Answer(body)]);
        Assert.True(NamespaceName.TryCreate("shop", out var namespaceName));
        Assert.True(KubeName.TryCreate("cart", out var name));

        var result = await rig.Ports.Kubernetes.PodControllers.GetAsync(
            Enum.Parse<PodControllerKind>(kind), namespaceName, name, ActionnerRig.Scope());

        Assert.False(result.TryGet(out _, out var error));
        Assert.Equal(
            (FailureKind.ServerError, $"cannot read the {kind} shop/cart: the answer is not what a Kubernetes API server sends"), (error.Kind, error.Message));
    }

    private sealed class Answer(string body) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new StringContent(body, Encoding.UTF8, "application/json") });
    }
}
