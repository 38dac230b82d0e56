using System.Text;

namespace Talon.KubeApi.Tests.Kubelet;

public sealed class ExecTests
{
    private const string V5 = "v5.channel.k8s.io";

    [Theory]
    [InlineData("x; touch pwned")]
    [InlineData("$(touch pwned)")]
    [InlineData("`touch pwned`")]
    [InlineData("a\nb'\"\\ *")]
    public async Task Process_HostileArgument_ComesAsItIs(string hostile)
    {
        await using var server = await StartAsync();
        using var client = await ExecClient.RunAsync(server, "cart", ["printf", "%s", hostile]);
        Assert.Equal(hostile, client.StdoutText);
        Assert.Equal("Success", (string?)client.Status!["status"]);
        Assert.Empty(Directory.GetFiles(server.Kubelets.HomeOf("shop", "cart", "app")));
        Assert.Equal(["printf", "%s", hostile], Assert.Single(server.Kubelets.Execs).Argv);
    }

    [Fact]
    public async Task Process_Environment_IsThatOfTheContainerOnly()
    {
        await using var server = await StartAsync();
        server.Store.Update("pods", "shop", "cart", pod =>
            pod["spec"]!["containers"]![0]!["env"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["name"] = "COLOUR", ["value"] = "red" }));
        using var client = await ExecClient.RunAsync(server, "cart", ["env"]);
        var names = client.StdoutText.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=')[0]).Order(StringComparer.Ordinal);
        Assert.Equal(["COLOUR", "HOME", "HOSTNAME", "PATH", "TMPDIR"], names);
        using var where = await ExecClient.RunAsync(server, "cart", ["sh", "-c", "pwd; echo $HOME"]);
        var home = server.Kubelets.HomeOf("shop", "cart", "app");
        Assert.Equal($"{home}\n{home}\n", where.StdoutText);
    }

    [Fact]
    public async Task AddProgram_OfOneContainer_IsFoundThereFirst()
    {
        await using var server = await StartAsync();
        server.Store.AddPod("shop", "till");
        server.Kubelets.AddProgram("tcpdump", "#!/bin/sh\necho everywhere $@");
        server.Kubelets.AddProgram("shop", "cart", "app", "tcpdump", "#!/bin/sh\necho here $@");
        using var here = await ExecClient.RunAsync(server, "cart", ["tcpdump", "-i", "any"]);
        using var there = await ExecClient.RunAsync(server, "till", ["tcpdump", "-i", "any"]);
        Assert.Equal("here -i any\n", here.StdoutText);
        Assert.Equal("everywhere -i any\n", there.StdoutText);
    }

    [Fact]
    public async Task Stdin_ToTheEnd_IsKeptAndGivenToTheCommand()
    {
        await using var server = await StartAsync();
        using var client = await ExecClient.RunAsync(server, "cart", ["sh"], "cat > script.txt <<X\nhello\nX\nexit 7\n");
        Assert.Equal("7", (string?)client.Status!["details"]!["causes"]![0]!["message"]);
        var call = Assert.Single(server.Kubelets.Execs);
        Assert.Equal(7, await call.Ended);
        Assert.StartsWith("cat > script.txt", Encoding.UTF8.GetString(call.StdinBytes), StringComparison.Ordinal);
        Assert.True(call.IsStdinClosed);
        Assert.Equal("hello\n", await File.ReadAllTextAsync(Path.Combine(server.Kubelets.HomeOf("shop", "cart", "app"), "script.txt")));
    }

    [Fact]
    public async Task ConnectionCut_RunningCommand_GoesOn()
    {
        await using var server = await StartAsync();
        using var client = await ExecClient.ConnectAsync(server.BaseUri, ExecClient.Path("shop", "cart", ["sh", "-c", "echo on; while [ ! -e stop ]; do sleep 0.05; done; exit 5"]), V5);
        await client.ReadAsync(untilChannel: 1);
        client.Socket.Abort();
        var call = Assert.Single(server.Kubelets.Execs);
        await Harness.EventuallyAsync(() => call.IsStdinClosed);
        Assert.True(IsRunning(call));
        await File.WriteAllTextAsync(Path.Combine(server.Kubelets.HomeOf("shop", "cart", "app"), "stop"), "");
        Assert.Equal(5, await call.Ended.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Dispose_CommandsThatStartedOthers_EndsThemAllAndRemovesTheFolders()
    {
        var server = await StartAsync();
        using var client = await ExecClient.ConnectAsync(server.BaseUri, ExecClient.Path("shop", "cart", ["sh", "-c", "sleep 1000 & echo $!; wait"]), V5);
        await client.ReadAsync(untilChannel: 1);
        var call = Assert.Single(server.Kubelets.Execs);
        var home = server.Kubelets.HomeOf("shop", "cart", "app");
        Assert.True(Directory.Exists($"/proc/{client.StdoutText.Trim()}"));
        await server.DisposeAsync();
        await Harness.EventuallyAsync(() => !Directory.Exists($"/proc/{client.StdoutText.Trim()}"));
        Assert.Equal(137, await call.Ended.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.False(Directory.Exists(home));
    }

    [Fact]
    public async Task PodRemoved_RunningCommand_EndsWith137()
    {
        await using var server = await StartAsync();
        using var client = await ExecClient.ConnectAsync(server.BaseUri, ExecClient.Path("shop", "cart", ["sh", "-c", "echo on; sleep 1000"]), V5);
        await client.ReadAsync(untilChannel: 1);
        Assert.Equal(200, (await server.SendAsync("DELETE", "/api/v1/namespaces/shop/pods/cart?gracePeriodSeconds=0")).Status);
        Assert.Equal(1000, await client.ReadAsync());
        Assert.Equal("137", (string?)client.Status!["details"]!["causes"]![0]!["message"]);
    }

    [Fact]
    public async Task TerminatingPod_RunningContainer_CanStillExec()
    {
        await using var server = await StartAsync();
        Assert.Equal(200, (await server.SendAsync("DELETE", "/api/v1/namespaces/shop/pods/cart")).Status);
        using var client = await ExecClient.RunAsync(server, "cart", ["echo", "x"]);
        Assert.Equal("x\n", client.StdoutText);
    }

    [Fact]
    public async Task LostNode_Exec_IsA500WithoutReason()
    {
        await using var server = await StartAsync();
        server.Kubelets.SetLost("node1");
        using var client = await ExecClient.ConnectAsync(server.BaseUri, ExecClient.Path("shop", "cart", ["id"]), V5);
        Assert.Equal(500, (int)client.Refused!.StatusCode);
        Assert.Contains("error dialing backend: dial tcp", client.RefusedBody, StringComparison.Ordinal);
        Assert.DoesNotContain("reason", client.RefusedBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_LargeOutput_ComesWholeAndWithoutAProcess()
    {
        await using var server = await StartAsync();
        var bytes = new byte[10 * 1024 * 1024];
        new Random(1).NextBytes(bytes);
        server.Kubelets.OnExec(call => call.Argv is ["cat", ..] ? new ExecScript { Stdout = new MemoryStream(bytes), Stderr = "careful"u8.ToArray(), ExitCode = 2 } : null);
        using var client = await ExecClient.RunAsync(server, "cart", ["cat", "/var/big"]);
        Assert.True(client.Of(1).AsSpan().SequenceEqual(bytes));
        Assert.Equal("careful", client.StderrText);
        Assert.Equal("NonZeroExitCode", (string?)client.Status!["reason"]);
        Assert.Null(Assert.Single(server.Kubelets.Execs).ProcessId);
        using var other = await ExecClient.RunAsync(server, "cart", ["echo", "real"]);
        Assert.Equal("real\n", other.StdoutText);
    }

    [Theory]
    [InlineData(ExecEnd.NoStatus, 1000)]
    [InlineData(ExecEnd.Close1011, 1011)]
    [InlineData(ExecEnd.Cut, null)]
    public async Task Script_EndsInTheMiddle_NoStatusComes(ExecEnd end, int? close)
    {
        await using var server = await StartAsync();
        server.Kubelets.OnExec(_ => new ExecScript { Stdout = new MemoryStream(new byte[100]), EndAfter = 40, End = end });
        using var client = await ExecClient.ConnectAsync(server.BaseUri, ExecClient.Path("shop", "cart", ["x"]), V5);
        Assert.Equal(close, await client.ReadAsync());
        Assert.Null(client.Status);
        Assert.Equal(40, client.Of(1).Length);
    }

    [Fact]
    public async Task Script_Stalls_UntilTheClientGoes()
    {
        await using var server = await StartAsync();
        server.Kubelets.OnExec(_ => new ExecScript { Stdout = new MemoryStream(new byte[10]), End = ExecEnd.Stall });
        using var client = await ExecClient.ConnectAsync(server.BaseUri, ExecClient.Path("shop", "cart", ["x"]), V5);
        await client.ReadAsync(untilChannel: 1);
        var call = Assert.Single(server.Kubelets.Execs);
        Assert.False(call.Ended.IsCompleted);
        client.Socket.Abort();
        Assert.Null(await call.Ended.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Fault_OnExec_IsAnsweredBeforeTheHandshakeAndRecorded()
    {
        await using var server = await StartAsync();
        server.Faults.Add(FaultRule.Answer(403, 1) with { Resource = "pods" });
        using var refused = await ExecClient.ConnectAsync(server.BaseUri, ExecClient.Path("shop", "cart", ["id"]), V5);
        Assert.Equal(403, (int)refused.Refused!.StatusCode);
        Assert.Empty(server.Kubelets.Execs);
        server.Faults.Add(FaultRule.Of(FaultKind.ResetAfterEffect, 1));
        await Assert.ThrowsAnyAsync<Exception>(() => ExecClient.ConnectAsync(server.BaseUri, ExecClient.Path("shop", "cart", ["touch", "done"]), V5));
        Assert.Equal(0, await Assert.Single(server.Kubelets.Execs).Ended.WaitAsync(TimeSpan.FromSeconds(20)));
        var recorded = server.Requests.All[0];
        Assert.Equal((403, "exec", "?command=id&stdout=true&stderr=true&stdin=true"), (recorded.Status, recorded.Subresource, recorded.Query));
    }

    [Fact]
    public async Task KubernetesClient_Exec_WorksThroughItsOwnCall()
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        using var output = new MemoryStream();
        var code = await client.NamespacedPodExecAsync("cart", "shop", "app", ["sh", "-c", "echo hello; exit 4"], false, async (_, stdout, _) => await stdout.CopyToAsync(output), default);
        Assert.Equal(4, code);
        Assert.Equal("hello\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    private static bool IsRunning(ExecCall call) => Directory.Exists($"/proc/{call.ProcessId}");

    private static async Task<KubeApiServer> StartAsync()
    {
        var server = await KubeApiServer.StartAsync(new KubeApiOptions { GraceTimeScale = 0.01 });
        server.Store.AddPod("shop", "cart", new PodSeed { TerminationGracePeriodSeconds = 2000 });
        return server;
    }
}
