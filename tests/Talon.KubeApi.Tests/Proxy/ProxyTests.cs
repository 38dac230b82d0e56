using System.Net;
using System.Net.Http.Headers;
using System.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Talon.KubeApi.Tests.Kubelet;

namespace Talon.KubeApi.Tests.Proxy;

public sealed class ProxyTests
{
    private const string Pod = "/api/v1/namespaces/shop/pods/cart";

    [Fact]
    public async Task Forward_ReadsAndWrites_AnswersAsTheServerWithItsCredentials()
    {
        await using var setup = await Setup.StartAsync();
        using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(setup.Proxy.WriteKubeconfig(setup.NewFile())));
        Assert.Equal("cart", (await client.CoreV1.ReadNamespacedPodAsync("cart", "shop")).Metadata.Name);
        await client.CoreV1.PatchNamespacedPodAsync(new V1Patch("{\"metadata\":{\"labels\":{\"a\":\"b\"}}}", V1Patch.PatchType.MergePatch), "cart", "shop");
        Assert.Equal("b", setup.Server.Store.FindPod("shop", "cart")!.Labels["a"]);
        var refused = await Assert.ThrowsAsync<HttpOperationException>(() => client.CoreV1.ReadNamespacedPodAsync("nope", "shop"));
        Assert.Equal(HttpStatusCode.NotFound, refused.Response.StatusCode);
        Assert.Equal(
            [("get", 200, ""), ("patch", 200, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"), ("get", 404, "")],
            setup.Proxy.Requests.All.Select(r => (r.Verb, r.Status, r.Body)));
        Assert.Equal(3, setup.Server.Requests.Count);
    }

    [Theory]
    [InlineData("another", HttpStatusCode.OK)]
    [InlineData("unknown", HttpStatusCode.Unauthorized)]
    public async Task Forward_TokenIsGiven_ReachesTheServerWithIt(string token, HttpStatusCode status)
    {
        await using var setup = await Setup.StartAsync();
        setup.Server.AddUser("another", "bob");
        await using var proxy = await KubeApiProxy.StartAsync(setup.Server.WriteKubeconfig(setup.NewFile()), token);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(proxy.BaseUri, Pod));
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Fault_Until_HoldsTheRequestBackUntilThen()
    {
        await using var setup = await Setup.StartAsync();
        var until = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var rule = new FaultRule { Until = until.Task };
        setup.Proxy.Faults.Add(rule);
        using var client = new HttpClient();
        var running = client.GetAsync(new Uri(setup.Proxy.BaseUri, Pod));
        await Harness.EventuallyAsync(() => setup.Proxy.Requests.Count == 1);
        Assert.Empty(setup.Server.Requests.All);
        until.SetResult();
        using var answer = await running;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        setup.Proxy.Faults.Remove(rule);
        using var second = await client.GetAsync(new Uri(setup.Proxy.BaseUri, Pod));
        Assert.Null(setup.Proxy.Requests.All[^1].Fault);
    }

    [Fact]
    public async Task Forward_QueryAndPath_ArriveAsTheyWereEscaped()
    {
        await using var setup = await Setup.StartAsync();
        using var client = new HttpClient();
        const string query = "?labelSelector=a%3Db%2Cc%21%3Dd&limit=1";
        using var answer = await client.GetAsync(new Uri(setup.Proxy.BaseUri, $"/api/v1/namespaces/shop/pods{query}"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(query, Assert.Single(setup.Server.Requests.All).Query);
    }

    [Fact]
    public async Task Forward_BodyOf2Megabytes_ComesWholeAndIsRecordedInPart()
    {
        await using var setup = await Setup.StartAsync();
        var body = $"{{\"metadata\":{{\"annotations\":{{\"a\":\"{new string('x', 2_000_000)}\"}}}}}}";
        using var client = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(Harness.MergePatch));
        using var answer = await client.PatchAsync(new Uri(setup.Proxy.BaseUri, Pod), content);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("metadata.annotations: Too long", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(RequestRecord.BodyLimit, Assert.Single(setup.Proxy.Requests.All).Body.Length);
    }

    [Theory]
    [InlineData(403, "Forbidden")]
    [InlineData(409, "Conflict")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task Fault_Status_DoesNotReachTheServer(int status, string reason)
    {
        await using var setup = await Setup.StartAsync();
        setup.Proxy.Faults.Add(FaultRule.Answer(status, times: 1, "delete"));
        using var client = setup.Client();
        var refused = await Assert.ThrowsAsync<HttpOperationException>(() => client.CoreV1.DeleteNamespacedPodAsync("cart", "shop"));
        Assert.Equal(status, (int)refused.Response.StatusCode);
        Assert.Contains($"\"{reason}\"", refused.Response.Content, StringComparison.Ordinal);
        Assert.Equal(0, setup.Server.Requests.Count);
        await client.CoreV1.DeleteNamespacedPodAsync("cart", "shop");
        Assert.True(setup.Server.Store.FindPod("shop", "cart")!.IsTerminating);
    }

    [Theory]
    [InlineData(FaultKind.ResetBeforeEffect, 0)]
    [InlineData(FaultKind.ResetAfterEffect, 1)]
    public async Task Fault_Reset_CutsTheConnectionBeforeOrAfterTheEffect(FaultKind kind, int effects)
    {
        await using var setup = await Setup.StartAsync();
        setup.Proxy.Faults.Add(FaultRule.Of(kind, times: 1));
        using var client = setup.Client();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.CoreV1.DeleteNamespacedPodAsync("cart", "shop"));
        Assert.Equal(effects, setup.Server.Effects.Count);
        Assert.Equal(0, setup.Proxy.Requests.All[0].Status);
    }

    [Fact]
    public async Task Fault_StallHeaders_ClientGivesUpAfterTheEffect()
    {
        await using var setup = await Setup.StartAsync();
        setup.Proxy.Faults.Add(FaultRule.Of(FaultKind.StallHeaders, times: 1));
        using var client = setup.Client(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.CoreV1.DeleteNamespacedPodAsync("cart", "shop"));
        Assert.Equal(1, setup.Server.Effects.Count);
    }

    [Fact]
    public async Task Outage_StopAndStart_RefusesThenServesOnTheSamePort()
    {
        await using var setup = await Setup.StartAsync();
        var address = setup.Proxy.BaseUri;
        await setup.Proxy.StopListeningAsync();
        using var client = setup.Client();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.CoreV1.ReadNamespacedPodAsync("cart", "shop"));
        await setup.Proxy.StartListeningAsync();
        Assert.Equal(address, setup.Proxy.BaseUri);
        Assert.Equal("cart", (await client.CoreV1.ReadNamespacedPodAsync("cart", "shop")).Metadata.Name);
    }

    [Fact]
    public async Task Exec_ThroughTheProxy_PassesEveryFrame()
    {
        await using var setup = await Setup.StartAsync();
        using var client = await ExecClient.ConnectAsync(setup.Proxy.BaseUri, ExecClient.Path("shop", "cart", ["sh", "-c", "cat; echo done >&2; exit 3"]), "v5.channel.k8s.io");
        Assert.True(client.Refused is null, client.RefusedBody);
        await client.SendAsync(0, Encoding.UTF8.GetBytes(new string('x', 200_000)));
        await client.SendAsync(255, new byte[] { 0 });
        Assert.Equal(1000, await client.ReadAsync());
        Assert.Equal(200_000, client.Of(1).Length);
        Assert.Equal("done\n", client.StderrText);
        Assert.Equal("NonZeroExitCode", (string?)client.Status!["reason"]);
        Assert.Equal((101, "exec"), setup.Proxy.Requests.All.Select(r => (r.Status, r.Subresource)).Single());
    }

    [Fact]
    public async Task Exec_Refused_AnswersWithStatusAndBody()
    {
        await using var setup = await Setup.StartAsync();
        using var missing = await ExecClient.ConnectAsync(setup.Proxy.BaseUri, ExecClient.Path("shop", "nope", ["id"]), "v5.channel.k8s.io");
        Assert.Equal(404, (int)missing.Refused!.StatusCode);
        Assert.Contains("pods \\\"nope\\\" not found", missing.RefusedBody, StringComparison.Ordinal);
        setup.Proxy.Faults.Add(FaultRule.Answer(403) with { Resource = "pods", Subresource = "exec" });
        using var forbidden = await ExecClient.ConnectAsync(setup.Proxy.BaseUri, ExecClient.Path("shop", "cart", ["id"]), "v5.channel.k8s.io");
        Assert.Equal(403, (int)forbidden.Refused!.StatusCode);
        Assert.Empty(setup.Server.Kubelets.Execs);
        using var client = setup.Client();
        Assert.Equal("cart", (await client.CoreV1.ReadNamespacedPodAsync("cart", "shop")).Metadata.Name);
    }

    [Fact]
    public async Task Exec_CutByTheServer_IsCutForTheClient()
    {
        await using var setup = await Setup.StartAsync();
        setup.Server.Kubelets.OnExec(_ => new ExecScript { Stdout = new MemoryStream(new byte[100]), End = ExecEnd.Cut });
        using var client = await ExecClient.ConnectAsync(setup.Proxy.BaseUri, ExecClient.Path("shop", "cart", ["x"]), "v5.channel.k8s.io");
        Assert.Null(await client.ReadAsync());
        Assert.Equal(100, client.Of(1).Length);
        Assert.Null(client.Status);
    }

    private sealed class Setup : IAsyncDisposable
    {
        private readonly List<string> _files = [];

        public KubeApiServer Server { get; private set; } = null!;

        public KubeApiProxy Proxy { get; private set; } = null!;

        public static async Task<Setup> StartAsync()
        {
            var setup = new Setup { Server = await KubeApiServer.StartAsync(new KubeApiOptions { Token = "secret", GraceTimeScale = 0.1 }) };
            setup.Server.Store.AddPod("shop", "cart");
            setup.Proxy = await KubeApiProxy.StartAsync(setup.Server.WriteKubeconfig(setup.NewFile()));
            return setup;
        }

        public string NewFile()
        {
            _files.Add(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()));
            return _files[^1];
        }

        public Kubernetes Client(TimeSpan? timeout = null) => new(new KubernetesClientConfiguration
        {
            Host = Proxy.BaseUri.ToString(),
            HttpClientTimeout = timeout ?? TimeSpan.FromSeconds(20),
        });

        public async ValueTask DisposeAsync()
        {
            await Proxy.DisposeAsync();
            await Server.DisposeAsync();
            _files.ForEach(File.Delete);
        }
    }
}
