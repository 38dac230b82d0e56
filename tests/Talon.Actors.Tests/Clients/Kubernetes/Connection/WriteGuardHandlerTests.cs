using System.Net;
using Talon.Actors.Clients.Kubernetes.Connection;

namespace Talon.Actors.Tests.Clients.Kubernetes.Connection;

public sealed class WriteGuardHandlerTests
{
    public static TheoryData<string, string> Collections { get; } = new()
    {
        { "", "/api/v1/namespaces/shop/pods" },
        { "", "/api/v1/namespaces/shop/pods/" },
        { "", "/api/v1/namespaces/shop/pods/?gracePeriodSeconds=0" },
        { "", "/api/v1/namespaces//pods/p1" },
        { "", "/api/v1/namespaces/shop//p1" },
        { "", "/api/v1/pods" },
        { "", "/api/v1/nodes" },
        { "", "/api/v1/nodes/" },
        { "", "/api/v1/namespaces" },
        { "", "/api/v1" },
        { "", "/apis/apps/v1/namespaces/shop/replicasets" },
        { "", "/apis/apps/v1/replicasets/" },
        { "", "/apis/apps/v1" },
        { "", "/" },
        { "", "/version" },
        { "", "/api/v1/namespaces/shop/pods/%2e%2e" },
        { "", "/api/v1/namespaces/shop/pods/a%2fb" },
        { "", "/api/v1/namespaces/shop/pods/p1/eviction/x" },
        { "", "/api/v1/namespaces/shop/pods/p%20" },
        { "/k8s/c1", "/api/v1/namespaces/shop/pods/p1" },
        { "/k8s/c1", "/k8s/c1/api/v1/namespaces/shop/pods" },
        { "/k8s/c1", "/k8s/c1" },
    };

    public static TheoryData<string, string> Objects { get; } = new()
    {
        { "", "/api/v1/namespaces/shop/pods/p1" },
        { "/", "/api/v1/namespaces/shop/pods/p1" },
        { "", "/api/v1/namespaces/shop/pods/p1/ephemeralcontainers" },
        { "", "/api/v1/namespaces/shop/pods/p1?dryRun=All" },
        { "", "/api/v1/nodes/ip-10-0-0-1.internal" },
        { "", "/api/v1/namespaces/shop" },
        { "", "/apis/apps/v1/namespaces/shop/replicasets/web-1" },
        { "", "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node" },
        { "/k8s/c1", "/k8s/c1/api/v1/namespaces/shop/pods/p1" },
        { "/k8s/c1/", "/k8s/c1/api/v1/namespaces/shop/pods/p1" },
    };

    [Theory]
    [MemberData(nameof(Collections))]
    public async Task SendAsync_WriteToACollectionOrOddPath_NeverLeaves(string basePath, string path)
    {
        foreach (var method in new[] { HttpMethod.Delete, HttpMethod.Patch, HttpMethod.Put })
        {
            var wire = new Wire();
            await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(basePath, method, path, wire));
            Assert.Equal(0, wire.Sent);
        }
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public async Task SendAsync_WriteToOneObject_Passes(string basePath, string path)
    {
        foreach (var method in new[] { HttpMethod.Delete, HttpMethod.Patch, HttpMethod.Put })
        {
            var wire = new Wire();
            await SendAsync(basePath, method, path, wire);
            Assert.Equal(1, wire.Sent);
        }
    }

    [Fact]
    public async Task SendAsync_ReadOfACollection_Passes()
    {
        var wire = new Wire();
        await SendAsync("", HttpMethod.Get, "/api/v1/namespaces/shop/pods", wire);
        Assert.Equal(1, wire.Sent);
    }

    private static async Task SendAsync(string basePath, HttpMethod method, string path, Wire wire)
    {
        using var invoker = new HttpMessageInvoker(new WriteGuardHandler(basePath) { InnerHandler = wire });
        using var request = new HttpRequestMessage(method, new Uri("http://127.0.0.1:1" + path));
        using var response = await invoker.SendAsync(request, CancellationToken.None);
    }

    private sealed class Wire : HttpMessageHandler
    {
        public int Sent { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Sent++;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        }
    }
}
