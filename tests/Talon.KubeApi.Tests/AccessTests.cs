using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;

namespace Talon.KubeApi.Tests;

/// <summary>Rights by roles and bindings (<see cref="KubeApiOptions.EnforceRbac"/>), beyond the recorded cases.</summary>
public sealed class AccessTests
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    private const string Pods = "/api/v1/namespaces/shop/pods";

    [Fact]
    public async Task User_EnforceRbacOff_MayDoEverything()
    {
        await using var server = await KubeApiServer.StartAsync(new KubeApiOptions { Token = "root" });
        server.AddUser("t", "alice");
        Assert.Equal(200, await StatusAsync(server, "GET", "/api/v1/nodes"));
        Assert.Equal(401, await StatusAsync(server, "GET", "/api/v1/nodes", token: "other"));
    }

    [Fact]
    public async Task User_NoBinding_MayOnlyLookAtTheApi()
    {
        await using var server = await StartAsync();
        Assert.Equal(403, await StatusAsync(server, "GET", Pods));
        Assert.Equal(403, await StatusAsync(server, "GET", "/metrics"));
        Assert.Equal(200, await StatusAsync(server, "GET", "/version"));
        Assert.Equal(200, await StatusAsync(server, "GET", "/apis/apps/v1"));
        Assert.Equal(200, await StatusAsync(server, "GET", Pods, token: "root"));
    }

    [Fact]
    public async Task RoleBinding_ToAClusterRole_CountsInItsNamespaceOnly()
    {
        await using var server = await StartAsync();
        await GrantAsync(server, "{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":[\"get\",\"list\"]}", ns: "shop");
        Assert.Equal(200, await StatusAsync(server, "GET", Pods));
        Assert.Equal(403, await StatusAsync(server, "GET", "/api/v1/pods"));
        Assert.Equal(403, await StatusAsync(server, "GET", "/api/v1/namespaces/default/pods"));
        Assert.Equal(403, await StatusAsync(server, "DELETE", $"{Pods}/cart"));
    }

    [Fact]
    public async Task ClusterRoleBinding_Subresource_IsARightOfItsOwn()
    {
        await using var server = await StartAsync();
        await GrantAsync(server, "{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":[\"create\",\"get\"]}");
        const string Eviction = "{\"metadata\":{\"name\":\"cart\"}}";
        Assert.Equal(403, await StatusAsync(server, "POST", $"{Pods}/cart/eviction", Eviction));
        await GrantAsync(server, "{\"apiGroups\":[\"\"],\"resources\":[\"*/eviction\"],\"verbs\":[\"create\"]}", name: "evict");
        Assert.Equal(201, await StatusAsync(server, "POST", $"{Pods}/cart/eviction", Eviction));
    }

    [Fact]
    public async Task Rule_ResourceNames_CoversThoseOnly()
    {
        await using var server = await StartAsync();
        server.Store.AddPod("shop", "pay");
        await GrantAsync(server, "{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":[\"*\"],\"resourceNames\":[\"cart\"]}");
        Assert.Equal(200, await StatusAsync(server, "GET", $"{Pods}/cart"));
        Assert.Equal(403, await StatusAsync(server, "GET", $"{Pods}/pay"));
        Assert.Equal(403, await StatusAsync(server, "GET", Pods));
        Assert.Equal(200, await StatusAsync(server, "GET", $"{Pods}?fieldSelector=metadata.name%3Dcart"));
        Assert.Equal(403, await StatusAsync(server, "POST", Pods, "{\"metadata\":{\"name\":\"cart\"}}"));
    }

    [Fact]
    public async Task Rule_PathsAndWildcards_AreCovered()
    {
        await using var server = await StartAsync();
        await GrantAsync(server, "{\"nonResourceURLs\":[\"/metrics*\"],\"verbs\":[\"get\"]},{\"apiGroups\":[\"*\"],\"resources\":[\"*\"],\"verbs\":[\"*\"]}");
        Assert.Equal(404, await StatusAsync(server, "GET", "/metrics/cadvisor"));
        Assert.Equal(403, await StatusAsync(server, "POST", "/metrics"));
        Assert.Equal(200, await StatusAsync(server, "DELETE", $"{Pods}/cart"));
        Assert.Equal(404, await StatusAsync(server, "GET", "/apis/nope.example/v1/things"));
    }

    [Theory]
    [InlineData("{\"kind\":\"ServiceAccount\",\"name\":\"talon\",\"namespace\":\"shop\"}", 200)]
    [InlineData("{\"kind\":\"ServiceAccount\",\"name\":\"talon\",\"namespace\":\"other\"}", 403)]
    [InlineData("{\"kind\":\"Group\",\"name\":\"system:serviceaccounts:shop\"}", 200)]
    [InlineData("{\"kind\":\"Group\",\"name\":\"viewers\"}", 200)]
    [InlineData("{\"kind\":\"Group\",\"name\":\"editors\"}", 403)]
    [InlineData("{\"kind\":\"User\",\"name\":\"talon\"}", 403)]
    public async Task Binding_Subject_ReachesWhomItNames(string subject, int status)
    {
        await using var server = await StartAsync();
        server.AddUser("sa", "system:serviceaccount:shop:talon", "viewers");
        await GrantAsync(server, "{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":[\"list\"]}", subject: subject);
        Assert.Equal(status, await StatusAsync(server, "GET", Pods, token: "sa"));
    }

    [Fact]
    public async Task Put_OfAMissingLease_NeedsCreateToo()
    {
        await using var server = await StartAsync();
        const string Path = "/apis/coordination.k8s.io/v1/namespaces/shop/leases/m";
        const string Body = "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{\"name\":\"m\"}}";
        await GrantAsync(server, "{\"apiGroups\":[\"coordination.k8s.io\"],\"resources\":[\"leases\"],\"verbs\":[\"update\"]}");
        using var refused = await SendAsync(server, "PUT", Path, Body, "application/json");
        var message = (string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["message"];
        Assert.Equal((HttpStatusCode.Forbidden, "leases.coordination.k8s.io \"m\" is forbidden: "), (refused.StatusCode, message));
        Assert.Null(server.Store.Find("leases", "shop", "m"));
        await GrantAsync(server, "{\"apiGroups\":[\"coordination.k8s.io\"],\"resources\":[\"leases\"],\"verbs\":[\"create\"]}", name: "create");
        using var made = await SendAsync(server, "PUT", Path, Body, "application/json");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
    }

    [Fact]
    public async Task Binding_Deleted_TakesTheRightAway()
    {
        await using var server = await StartAsync();
        await GrantAsync(server, "{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":[\"list\"]}");
        Assert.Equal(200, await StatusAsync(server, "GET", Pods));
        Assert.Equal(200, await StatusAsync(server, "DELETE", $"{Rbac}/clusterrolebindings/grant", token: "root"));
        Assert.Equal(403, await StatusAsync(server, "GET", Pods));
    }

    [Fact]
    public async Task Kubeconfig_OfAUser_ActsAsThatUser()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var server = await StartAsync();
        try
        {
            using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(server.WriteKubeconfig(path, "t")));
            var refused = await Assert.ThrowsAsync<HttpOperationException>(() => client.CoreV1.ListNamespacedPodAsync("shop"));
            Assert.Contains("User \\\"alice\\\" cannot list resource", refused.Response.Content, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task AddUser_OfTheMasters_LetsTheTokenInToEverything()
    {
        await using var server = await KubeApiServer.StartAsync(new KubeApiOptions { Token = "root", EnforceRbac = true });
        Assert.Equal(401, await StatusAsync(server, "GET", "/version", token: "b"));
        server.AddUser("b", "bob", "system:masters");
        Assert.Equal(200, await StatusAsync(server, "GET", "/api/v1/nodes", token: "b"));
    }

    private static async Task<KubeApiServer> StartAsync()
    {
        var server = await KubeApiServer.StartAsync(new KubeApiOptions { Token = "root", EnforceRbac = true });
        server.AddUser("t", "alice");
        server.Store.AddPod("shop", "cart");
        return server;
    }

    private static async Task GrantAsync(KubeApiServer server, string rules, string? ns = null, string name = "grant", string? subject = null)
    {
        Assert.Equal(201, await StatusAsync(server, "POST", $"{Rbac}/clusterroles", $"{{\"metadata\":{{\"name\":\"{name}\"}},\"rules\":[{rules}]}}", "root"));
        var binding = $"{{\"metadata\":{{\"name\":\"{name}\"}},"
            + $"\"roleRef\":{{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"{name}\"}},"
            + $"\"subjects\":[{subject ?? "{\"kind\":\"User\",\"name\":\"alice\"}"}]}}";
        var path = ns is null ? $"{Rbac}/clusterrolebindings" : $"{Rbac}/namespaces/{ns}/rolebindings";
        Assert.Equal(201, await StatusAsync(server, "POST", path, binding, "root"));
    }

    private static async Task<int> StatusAsync(KubeApiServer server, string method, string path, string? body = null, string token = "t")
    {
        using var answer = await SendAsync(server, method, path, body, "application/json", token);
        return (int)answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(KubeApiServer server, string method, string path, string? body, string type, string token = "t")
    {
        using var client = new HttpClient { BaseAddress = server.BaseUri, Timeout = TimeSpan.FromSeconds(20) };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type));
        return await client.SendAsync(request);
    }
}
