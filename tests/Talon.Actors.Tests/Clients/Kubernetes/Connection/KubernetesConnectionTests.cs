using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Tests.Actionners;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Clients.Kubernetes.Connection;

public sealed class KubernetesConnectionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("talon-connection-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ProbeAsync_ServerThere_IsFine()
    {
        await using var rig = await ActionnerRig.StartAsync();

        Assert.Null(await rig.Connection.ProbeAsync(CancellationToken.None));
        Assert.Equal<string>(["kubernetes", "calico", "cilium"], rig.Connection.Categories);
        Assert.Equal("/version", Assert.Single(rig.Server.Requests.All).Path.TrimEnd('/'));
        Assert.NotNull(rig.Connection.Source);
    }

    [Theory]
    [InlineData(401, "401")]
    [InlineData(403, "403")]
    [InlineData(500, "500")]
    public async Task ProbeAsync_Refused_SaysHow(int status, string expected)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(status));

        Assert.Contains(expected, await rig.Connection.ProbeAsync(CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProbeAsync_NobodyListens_SaysThatThereIsNoConnection()
    {
        await using var rig = await ActionnerRig.StartAsync();
        await rig.Server.StopListeningAsync();

        Assert.Contains("no connection to the API server", await rig.Connection.ProbeAsync(CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProbeAsync_TlsAgainstAPlainServer_SaysTls()
    {
        await using var server = await KubeApiServer.StartAsync(new KubeApiOptions { Token = "x" });
        string path = server.WriteKubeconfig(Path.Combine(_folder, "kubeconfig"));
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("http://", "https://", StringComparison.Ordinal));
        using var connection = Connect(path);

        Assert.Contains("TLS", await connection.ProbeAsync(CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProbeAsync_NameDoesNotResolve_SaysSo()
    {
        await using var server = await KubeApiServer.StartAsync(new KubeApiOptions { Token = "x" });
        string path = server.WriteKubeconfig(Path.Combine(_folder, "kubeconfig"));
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("127.0.0.1", "api.invalid", StringComparison.Ordinal));
        using var connection = Connect(path);

        string? reason = await connection.ProbeAsync(CancellationToken.None);

        Assert.Contains("cannot be resolved", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FaultKind.StallHeaders)]
    [InlineData(FaultKind.StallBody)]
    public async Task ProbeAsync_ServerHangs_EndsWithTheToken(FaultKind fault)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Faults.Add(FaultRule.Of(fault));
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        string? reason = await rig.Connection.ProbeAsync(deadline.Token).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Contains("no answer before the deadline", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProbeAsync_AnswerIsAWebPage_IsNotTakenForAnApiServer()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Faults.Add(FaultRule.Of(FaultKind.EmptyBody200));

        Assert.NotNull(await rig.Connection.ProbeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task ProbeAsync_ConfigurationComesLater_IsTakenUpWithoutARestart()
    {
        var clock = new FakeTimeProvider();
        await using var server = await KubeApiServer.StartAsync(new KubeApiOptions { Token = "x" });
        string path = Path.Combine(_folder, "kubeconfig");
        using var connection = Connect(path, clock);

        Assert.Contains(path, await connection.ProbeAsync(CancellationToken.None), StringComparison.Ordinal);

        server.WriteKubeconfig(path);
        Assert.NotNull(await connection.ProbeAsync(CancellationToken.None));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await connection.ProbeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task ExtraHandlers_AreAroundEachCallAndInOrder()
    {
        var seen = new List<string>();
        await using var rig = await ActionnerRig.StartAsync(
            extraHandlers: [() => new Recorder(seen, "outer"), () => new Recorder(seen, "inner")]);
        rig.Server.Store.AddPod("shop", "cart-0");

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(ActionnerRig.Request("kubernetes:terminate", ActionnerRig.EventFor("shop", "cart-0"))));

        Assert.Equal(
            "outer before GET,inner before GET,inner after GET,outer after GET,outer before DELETE,inner before DELETE,inner after DELETE,outer after DELETE",
            string.Join(',', seen));
    }

    [Fact]
    public async Task Probe_WrongToken_Is401WithoutTheToken()
    {
        await using var server = await KubeApiServer.StartAsync(new KubeApiOptions { Token = "right-one" });
        string path = server.WriteKubeconfig(Path.Combine(_folder, "kubeconfig"));
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("right-one", "wrong-one", StringComparison.Ordinal));
        using var connection = Connect(path);

        string? reason = await connection.ProbeAsync(CancellationToken.None);

        Assert.Contains("401", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-one", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_CredentialsRenewedInTheFile_AreTakenUpAfterA401()
    {
        await using var server = await KubeApiServer.StartAsync(new KubeApiOptions { Token = "right-one" });
        string path = server.WriteKubeconfig(Path.Combine(_folder, "kubeconfig"));
        string right = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, right.Replace("right-one", "wrong-one", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        using var connection = Connect(path);
        Assert.Contains("401", await connection.ProbeAsync(CancellationToken.None), StringComparison.Ordinal);

        await File.WriteAllTextAsync(path, right);
        Assert.Contains("401", await connection.ProbeAsync(CancellationToken.None), StringComparison.Ordinal);

        Assert.Null(await connection.ProbeAsync(CancellationToken.None));
    }

    private static KubernetesConnection Connect(string kubeconfig, TimeProvider? clock = null) => new(
        new KubernetesOptions { Kubeconfig = kubeconfig }, new KubeEnvironment(_ => null, _ => null), clock ?? TimeProvider.System);

    private sealed class Recorder(List<string> seen, string name) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add($"{name} before {request.Method}");
            var response = await base.SendAsync(request, cancellationToken);
            seen.Add($"{name} after {request.Method}");
            return response;
        }
    }
}
