using System.Text;
using System.Text.Json.Nodes;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Tests.Actionners;
using Talon.Actors.Tests.Actionners.Policies;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Clients.Kubernetes.Calls;

public sealed class KubeResourcesTests
{
    private static readonly ResourceAddress Settings = Address(new ResourceType("", "v1", "configmaps", "ConfigMap"), "settings");

    [Fact]
    public async Task Replace_ObjectAsRead_IsOneWriteUnderTheNameOfTheUrl()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var read = await CreateAsync(rig);
        read["data"] = new JsonObject { ["a"] = "1" };

        Assert.True((await rig.Ports.Kubernetes.Resources.ReplaceAsync(Settings, read, ActionnerRig.Scope())).TryGet(out var answer, out _));

        Assert.Equal("1", (string?)answer["data"]!["a"]);
        var write = Assert.Single(rig.Writes);
        Assert.Equal(("PUT", "/api/v1/namespaces/shop/configmaps/settings"), (write.Method, write.Path));
        var body = JsonNode.Parse(write.Body)!;
        Assert.Equal(("v1", "ConfigMap", "shop", "settings"), ((string?)body["apiVersion"], (string?)body["kind"], (string?)body["metadata"]!["namespace"], (string?)body["metadata"]!["name"]));
    }

    [Fact]
    public async Task Replace_ChangedSinceTheRead_IsAConflictAndNoWrite()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var read = await CreateAsync(rig);
        rig.Server.Store.Update("configmaps", "shop", "settings", map => map["data"] = new JsonObject { ["theirs"] = "1" });

        Assert.False((await rig.Ports.Kubernetes.Resources.ReplaceAsync(Settings, read, ActionnerRig.Scope())).TryGet(out _, out var error));

        Assert.Equal((FailureKind.Conflict, "Conflict", false), (error.Kind, error.Reason, error.AlreadyExists));
        Assert.Equal("1", (string?)Objects.Read(rig, "configmaps", "settings")["data"]!["theirs"]);
    }

    [Fact]
    public async Task Replace_ReplacedByAnotherOfTheName_IsAConflictAndNoWrite()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var read = await CreateAsync(rig);
        rig.Server.Store.Remove("configmaps", "shop", "settings");
        await CreateAsync(rig);

        Assert.False((await rig.Ports.Kubernetes.Resources.ReplaceAsync(Settings, read, ActionnerRig.Scope())).TryGet(out _, out var error));

        Assert.Equal(FailureKind.Conflict, error.Kind);
        Assert.Empty(rig.Server.Effects.All);
    }

    [Theory]
    [InlineData("uid")]
    [InlineData("resourceVersion")]
    public async Task Replace_WithoutWhatTiesItToTheRead_IsAFaultOfTheProgram(string without)
    {
        await using var rig = await ActionnerRig.StartAsync();
        var read = await CreateAsync(rig);
        read["metadata"]!.AsObject().Remove(without);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => rig.Ports.Kubernetes.Resources.ReplaceAsync(Settings, read, ActionnerRig.Scope()));
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Replace_ProtectedNamespace_IsRefusedInThePortItself()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var read = await CreateAsync(rig);
        var address = new ResourceAddress(Settings.Type, Tests.Names.Namespace("kube-system"), Settings.Name);

        Assert.False((await rig.Ports.Kubernetes.Resources.ReplaceAsync(address, read, ActionnerRig.Scope())).TryGet(out _, out var error));

        Assert.True(error.ProtectedNamespace);
        Assert.Empty(rig.Server.Requests.All);
    }

    /// <summary>Calico's API server shows a policy under its name with that of the tier in front; a write must carry the name of its URL.</summary>
    [Fact]
    public async Task Replace_ServerShowsTheNameWithTheTier_IsWrittenUnderTheNameOfTheUrl()
    {
        await using var rig = await ActionnerRig.StartAsync(extraHandlers: [() => new TierInNames()]);
        await Objects.CreateWorkloadAsync(rig, "Deployment", "cart");
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Calico)));

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Calico, "203.0.113.8")));

        Assert.Contains("was updated for", done.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("policies of the namespace", done.Output, StringComparison.Ordinal);
        var put = rig.Writes[^1];
        Assert.Equal(("PUT", 200, "talon-cart", "talon-cart"), (put.Method, put.Status, put.Name, (string?)JsonNode.Parse(put.Body)!["metadata"]!["name"]));
        Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(rig.Request(PolicyRig.Calico, "203.0.113.8")));
        Assert.Equal(2, rig.Writes.Count);
    }

    [Fact]
    public async Task Get_AnswerWithAnotherName_IsNotTakenForTheObject()
    {
        await using var rig = await ActionnerRig.StartAsync(extraHandlers: [() => new TierInNames("other.")]);
        await CreateAsync(rig);

        Assert.False((await rig.Ports.Kubernetes.Resources.GetAsync(Settings, ActionnerRig.Scope())).TryGet(out _, out var error));

        Assert.Equal(FailureKind.ServerError, error.Kind);
    }

    [Fact]
    public async Task Create_NameIsTaken_SaysSo()
    {
        await using var rig = await ActionnerRig.StartAsync();
        await CreateAsync(rig);

        Assert.False((await rig.Ports.Kubernetes.Resources.CreateAsync(Settings, [], ActionnerRig.Scope())).TryGet(out _, out var error));

        Assert.True(error.AlreadyExists);
    }

    [Fact]
    public async Task List_MoreThanOnePage_IsWhole()
    {
        await using var rig = await ActionnerRig.StartAsync();
        foreach (int i in Enumerable.Range(0, 501))
        {
            rig.Server.Store.AddPod("shop", $"p-{i}");
        }

        var pods = new ResourceType("", "v1", "pods", "Pod");
        Assert.True((await rig.Ports.Kubernetes.Resources.ListAsync(pods, Tests.Names.Namespace("shop"), ActionnerRig.Scope())).TryGet(out var all, out _));

        Assert.Equal(501, all.Count);
        Assert.Equal(2, rig.Server.Requests.All.Count);
    }

    private static ResourceAddress Address(ResourceType type, string name) =>
        new(type, Tests.Names.Namespace("shop"), ResourceName.TryCreate(type, name, out var checkedName) ? checkedName : throw new ArgumentException(name, nameof(name)));

    private static Task<JsonObject> CreateAsync(ActionnerRig rig) =>
        Objects.CreateAsync(rig, "api/v1/namespaces/shop/configmaps", """{"metadata":{"name":"settings"}}""");

    /// <summary>Shows policies and ConfigMaps under a longer name, as a server of Calico does.</summary>
    private sealed class TierInNames(string tier = "default.") : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            string path = request.RequestUri!.AbsolutePath;
            if (response.IsSuccessStatusCode && (path.Contains("/projectcalico.org/", StringComparison.Ordinal) || path.Contains("/configmaps/", StringComparison.Ordinal)))
            {
                var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!.AsObject();
                foreach (var shown in body["items"] is JsonArray items ? [.. items] : new[] { (JsonNode?)body })
                {
                    shown!["metadata"]!["name"] = tier + (string)shown["metadata"]!["name"]!;
                }

                response.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            }

            return response;
        }
    }
}
