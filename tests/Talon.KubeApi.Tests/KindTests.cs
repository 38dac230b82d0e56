using System.Text.Json.Nodes;

namespace Talon.KubeApi.Tests;

/// <summary>The rows of the table of kinds, and what sets single kinds apart.</summary>
public sealed class KindTests
{
    private const string Template = "\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}";

    private const string Selected = "\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}}," + Template + "}";

    public static TheoryData<string, string> Bodies() => new()
    {
        { "/api/v1/namespaces/shop/configmaps", "\"data\":{\"k\":\"v\"}" },
        { "/api/v1/namespaces/shop/secrets", "\"data\":{\"k\":\"dg==\"}" },
        { "/api/v1/namespaces/shop/services", "\"spec\":{\"selector\":{\"a\":\"b\"},\"ports\":[{\"port\":80}]}" },
        { "/api/v1/namespaces/shop/serviceaccounts", "\"automountServiceAccountToken\":false" },
        { "/api/v1/namespaces/shop/endpoints", "\"subsets\":[]" },
        { "/api/v1/namespaces/shop/persistentvolumeclaims", "\"spec\":{\"accessModes\":[\"ReadWriteOnce\"]}" },
        { "/api/v1/persistentvolumes", "\"spec\":{\"capacity\":{\"storage\":\"1Gi\"}}" },
        { "/api/v1/namespaces/shop/events", "\"involvedObject\":{\"kind\":\"Pod\",\"namespace\":\"shop\",\"name\":\"p\"}" },
        { "/apis/apps/v1/namespaces/shop/deployments", Selected },
        { "/apis/apps/v1/namespaces/shop/daemonsets", Selected },
        { "/apis/apps/v1/namespaces/shop/statefulsets", Selected },
        { "/apis/batch/v1/namespaces/shop/cronjobs", "\"spec\":{\"schedule\":\"* * * * *\",\"jobTemplate\":{\"spec\":{" + Template + "}}}" },
        { "/apis/networking.k8s.io/v1/namespaces/shop/ingresses", "\"spec\":{\"ingressClassName\":\"x\"}" },
        { "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies", "\"spec\":{\"podSelector\":{}}" },
        { "/apis/policy/v1/namespaces/shop/poddisruptionbudgets", "\"spec\":{\"minAvailable\":1,\"selector\":{\"matchLabels\":{\"a\":\"b\"}}}" },
        { "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles", "\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":[\"get\"]}]" },
        {
            "/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings",
            "\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"r\"},\"subjects\":[{\"kind\":\"User\",\"name\":\"u\"}]"
        },
        { "/apis/rbac.authorization.k8s.io/v1/clusterroles", "\"rules\":[{\"nonResourceURLs\":[\"/metrics\"],\"verbs\":[\"get\"]}]" },
        { "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", "\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"r\"}" },
        { "/apis/coordination.k8s.io/v1/namespaces/shop/leases", "\"spec\":{\"holderIdentity\":\"me\"}" },
        { "/apis/projectcalico.org/v3/namespaces/shop/networkpolicies", "\"apiVersion\":\"projectcalico.org/v3\",\"kind\":\"NetworkPolicy\",\"spec\":{\"order\":1}" },
        { "/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies", "\"apiVersion\":\"cilium.io/v2\",\"kind\":\"CiliumNetworkPolicy\",\"spec\":{\"x\":[1]}" },
    };

    [Theory]
    [InlineData("""{"order":1}""", "default")]
    [InlineData("""{"order":1,"tier":"platform"}""", "platform")]
    public async Task CalicoPolicy_WithoutATier_IsInTheDefaultOne(string spec, string tier)
    {
        const string Path = "/apis/projectcalico.org/v3/namespaces/shop/networkpolicies";
        await using var server = await KubeApiServer.StartAsync();
        server.Store.AddNamespace("shop");
        string body = $$"""{"apiVersion":"projectcalico.org/v3","kind":"NetworkPolicy","metadata":{"name":"x"},"spec":{{spec}}}""";

        var (status, created) = await server.SendAsync("POST", Path, body);

        Assert.Equal((201, tier), (status, (string?)created!["spec"]!["tier"]));
    }

    [Theory]
    [InlineData("application/json-patch+json", "configmaps/m", """[{"op":"add","path":"/data/a","value":"1"}]""")]
    [InlineData("application/apply-patch+yaml", "configmaps/new?fieldManager=me&force=true", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"new"}}""")]
    public async Task Patch_OfATypeThatIsNotBuilt_SaysSoAndChangesNothing(string type, string path, string body)
    {
        const string Maps = "/api/v1/namespaces/shop/configmaps";
        await using var server = await KubeApiServer.StartAsync();
        server.Store.AddNamespace("shop");
        await server.SendAsync("POST", Maps, """{"metadata":{"name":"m"},"data":{}}""");
        long version = server.Store.ResourceVersion;

        var (status, refusal) = await server.SendAsync("PATCH", $"/api/v1/namespaces/shop/{path}", body, type);

        Assert.Equal(415, status);
        Assert.Equal(("Status", "Failure", "UnsupportedMediaType"), ((string?)refusal!["kind"], (string?)refusal["status"], (string?)refusal["reason"]));
        Assert.Equal(
            $"{type} is not part of this stand-in - accepted media types include: application/merge-patch+json, application/strategic-merge-patch+json",
            (string?)refusal["message"]);
        Assert.Equal(version, server.Store.ResourceVersion);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Kind_CreateGetPatchListDelete_Works(string path, string fields)
    {
        await using var server = await KubeApiServer.StartAsync();
        server.Store.AddNamespace("shop");
        Assert.Equal(201, (await server.SendAsync("POST", path, $"{{\"metadata\":{{\"name\":\"x\"}},{fields}}}")).Status);
        var (status, created) = await server.SendAsync("GET", $"{path}/x");
        Assert.Equal(200, status);
        foreach (var (name, value) in JsonNode.Parse($"{{{fields}}}")!.AsObject())
            Assert.True(Contains(value, created![name]), $"{name} is {created[name]?.ToJsonString()}");
        Assert.NotNull(created!["metadata"]!["uid"]);
        var (patchStatus, patched) = await server.SendAsync("PATCH", $"{path}/x", "{\"metadata\":{\"labels\":{\"l\":\"v\"}}}", Harness.MergePatch);
        Assert.Equal(200, patchStatus);
        Assert.Equal("v", (string?)patched!["metadata"]!["labels"]!["l"]);
        var (_, list) = await server.SendAsync("GET", $"{path}?labelSelector=l%3Dv&fieldSelector=metadata.name%3Dx");
        Assert.Single(list!["items"]!.AsArray());
        Assert.Equal(200, (await server.SendAsync("DELETE", $"{path}/x?propagationPolicy=Background")).Status);
        Assert.Equal(404, (await server.SendAsync("GET", $"{path}/x")).Status);
    }

    [Fact]
    public async Task Event_PostedToOneGroup_IsShownByTheOther()
    {
        await using var server = await KubeApiServer.StartAsync();
        await server.SendAsync(
            "POST",
            "/api/v1/namespaces/default/events",
            "{\"metadata\":{\"name\":\"e\"},\"involvedObject\":{\"kind\":\"Pod\",\"namespace\":\"default\",\"name\":\"p\"},\"message\":\"m\"}");
        var (_, shown) = await server.SendAsync("GET", "/apis/events.k8s.io/v1/namespaces/default/events/e");
        Assert.Equal(("m", "p", "events.k8s.io/v1"), ((string?)shown!["note"], (string?)shown["regarding"]!["name"], (string?)shown["apiVersion"]));
        Assert.Single(server.Store.List("events", "default"));
        Assert.Equal(200, (await server.SendAsync("DELETE", "/apis/events.k8s.io/v1/namespaces/default/events/e")).Status);
        Assert.Empty(server.Store.List("events"));
    }

    [Fact]
    public async Task Role_NameWithColon_IsTaken()
    {
        await using var server = await KubeApiServer.StartAsync();
        Assert.Equal(201, (await server.SendAsync("POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles", "{\"metadata\":{\"name\":\"a:b\"}}")).Status);
        Assert.Equal(200, (await server.SendAsync("GET", "/apis/rbac.authorization.k8s.io/v1/clusterroles/a%3Ab")).Status);
        Assert.Equal(422, (await server.SendAsync("POST", "/api/v1/namespaces/default/configmaps", "{\"metadata\":{\"name\":\"a:b\"}}")).Status);
    }

    [Fact]
    public async Task AbsentGroup_AnyPath_IsATextNotFound()
    {
        await using var server = await KubeApiServer.StartAsync(new KubeApiOptions { AbsentGroups = ["cilium.io"] });
        using var client = new HttpClient { BaseAddress = server.BaseUri };
        foreach (var path in new[] { "/apis/cilium.io", "/apis/cilium.io/v2", "/apis/cilium.io/v2/namespaces/default/ciliumnetworkpolicies/x" })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal((404, "404 page not found\n"), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }

        Assert.Equal(200, (await server.SendAsync("GET", "/apis/projectcalico.org/v3")).Status);
        Assert.DoesNotContain("cilium.io", (await server.SendAsync("GET", "/apis")).Body!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CustomResource_LabelThatIsNoText_IsRefused()
    {
        await using var server = await KubeApiServer.StartAsync();
        const string Body = "{\"apiVersion\":\"cilium.io/v2\",\"kind\":\"CiliumNetworkPolicy\",\"metadata\":{\"name\":\"x\",\"labels\":{\"a\":1}}}";
        Assert.Equal(400, (await server.SendAsync("POST", "/apis/cilium.io/v2/namespaces/default/ciliumnetworkpolicies", Body)).Status);
    }

    [Fact]
    public async Task Deployment_WithoutTemplate_IsRefused()
    {
        await using var server = await KubeApiServer.StartAsync();
        const string Body = "{\"metadata\":{\"name\":\"d\"},\"spec\":{\"selector\":{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Exists\"}]}}}";
        Assert.Equal(422, (await server.SendAsync("POST", "/apis/apps/v1/namespaces/default/deployments", Body)).Status);
    }

    [Fact]
    public async Task Lease_PutOfAMissingOne_CreatesIt()
    {
        await using var server = await KubeApiServer.StartAsync();
        const string Path = "/apis/coordination.k8s.io/v1/namespaces/default/leases/l";
        Assert.Equal(201, (await server.SendAsync("PUT", Path, "{\"metadata\":{\"name\":\"l\"},\"spec\":{}}")).Status);
        Assert.Equal(422, (await server.SendAsync("PUT", Path, "{\"metadata\":{\"name\":\"l\"},\"spec\":{}}")).Status);
    }

    /// <summary>True when everything wanted is there; the server adds defaults.</summary>
    private static bool Contains(JsonNode? wanted, JsonNode? actual) => (wanted, actual) switch
    {
        (JsonObject w, JsonObject a) => w.All(p => Contains(p.Value, a[p.Key])),
        (JsonArray w, JsonArray a) => w.Count == a.Count && w.Zip(a).All(p => Contains(p.First, p.Second)),
        _ => JsonNode.DeepEquals(wanted, actual),
    };
}
