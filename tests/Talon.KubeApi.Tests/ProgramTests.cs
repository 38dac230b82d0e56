using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Talon.KubeApi.Tests;

/// <summary>The program in a process of its own, and its control path.</summary>
public sealed partial class ProgramTests
{
    [Theory]
    [InlineData("--nope")]
    [InlineData("--port", "x")]
    [InlineData("--port")]
    [InlineData("--grace-scale", "-1")]
    public async Task Start_WrongArguments_Exits2WithALine(params string[] arguments)
    {
        using var process = Start(arguments);
        Assert.Contains("usage: kubeapi", await process.StandardError.ReadLineAsync(), StringComparison.Ordinal);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(2, process.ExitCode);
    }

    [Fact]
    public async Task Start_UntilSigterm_ServesAndEndsWith0()
    {
        var kubeconfig = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var process = Start("--port", "0", "--token", "secret", "--grace-scale", "0.01", "--kubeconfig", kubeconfig);
        try
        {
            var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
            Assert.StartsWith("kubeapi listens on http://127.0.0.1:", line, StringComparison.Ordinal);
            Assert.Contains("secret", await File.ReadAllTextAsync(kubeconfig), StringComparison.Ordinal);
            using var client = new HttpClient();
            Assert.Equal("ok", await client.GetStringAsync(new Uri($"{line!["kubeapi listens on ".Length..]}/readyz")));
            Assert.Equal(0, Kill(process.Id, 15));
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
            File.Delete(kubeconfig);
        }
    }

    [Fact]
    public async Task Control_SeedFaultAndRecords_WorkOverHttp()
    {
        await using var server = await KubeApiServer.StartAsync();
        var (created, pod) = await server.SendAsync(
            "POST", "/_control/pods", "{\"namespace\":\"shop\",\"name\":\"cart\",\"labels\":{\"a\":\"b\"},\"owner\":{\"kind\":\"DaemonSet\",\"name\":\"d\"}}");
        Assert.Equal(201, created);
        Assert.Equal("DaemonSet", (string?)pod!["metadata"]!["ownerReferences"]![0]!["kind"]);
        Assert.Equal(204, (await server.SendAsync("POST", "/_control/faults", "[{\"kind\":\"Status\",\"status\":503,\"times\":1,\"verbs\":[\"delete\"]}]")).Status);
        Assert.Equal(503, (await server.SendAsync("DELETE", "/api/v1/namespaces/shop/pods/cart")).Status);
        Assert.Equal(200, (await server.SendAsync("DELETE", "/api/v1/namespaces/shop/pods/cart")).Status);
        Assert.Equal(1, (int)(await server.SendAsync("GET", "/_control/faults")).Body![0]!["hits"]!);
        var requests = (await server.SendAsync("GET", "/_control/requests")).Body!;
        Assert.Equal(2, (int)requests["count"]!);
        Assert.Equal(503, (int)requests["items"]![0]!["status"]!);
        var effects = (await server.SendAsync("GET", "/_control/effects")).Body!;
        Assert.Equal(1, (int)effects["countByUid"]![(string)pod["metadata"]!["uid"]!]!);
        var collections = GC.CollectionCount(GC.MaxGeneration);
        Assert.Equal(204, (await server.SendAsync("POST", "/_control/collect")).Status);
        Assert.True(GC.CollectionCount(GC.MaxGeneration) > collections);
        foreach (var what in new[] { "requests", "effects", "faults" })
            Assert.Equal(204, (await server.SendAsync("DELETE", $"/_control/{what}")).Status);
        Assert.Equal(0, (int)(await server.SendAsync("GET", "/_control/effects")).Body!["count"]!);
        Assert.Equal(0, (int)(await server.SendAsync("GET", "/_control/requests")).Body!["count"]!);
        Assert.Empty((await server.SendAsync("GET", "/_control/faults")).Body!.AsArray());
        Assert.Equal(400, (await server.SendAsync("POST", "/_control/faults", "{\"nope\":1}")).Status);
        Assert.Equal(404, (await server.SendAsync("GET", "/_control/nope")).Status);
    }

    [Fact]
    public async Task Request_NotBuiltHere_SaysSo()
    {
        await using var server = await KubeApiServer.StartAsync();
        Assert.Equal(501, (await server.SendAsync("GET", "/api/v1/pods?watch=true")).Status);
        Assert.Equal(200, (await server.SendAsync("GET", "/api/v1/pods?watch=false")).Status);
        Assert.Equal(413, (await server.SendAsync("POST", "/api/v1/namespaces/default/pods", new string('x', (3 * 1024 * 1024) + 1))).Status);
    }

    [Fact]
    public async Task Store_AtTheStart_HoldsWhatAClusterHolds()
    {
        await using var server = await KubeApiServer.StartAsync();
        Assert.Equal("default,kube-node-lease,kube-public,kube-system", string.Join(',', server.Store.List("namespaces").Select(n => n.Name)));
        Assert.Equal("node1", Assert.Single(server.Store.List("nodes")).Name);
        var groups = (await server.SendAsync("GET", "/apis")).Body!;
        Assert.Equal("apps", (string?)groups["groups"]![0]!["name"]);
        var resources = (await server.SendAsync("GET", "/api/v1")).Body!["resources"] as JsonArray;
        Assert.Contains(resources!, r => (string?)r!["name"] == "pods/status");
    }

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "kubeapi.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
