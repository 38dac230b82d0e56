using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Talon.KubeApi.Api;
using Talon.KubeApi.Proxy;

namespace Talon.KubeApi;

/// <summary>
/// Stands on 127.0.0.1 in front of an API server, the stand-in or a real one: keeps a record of the requests and injects faults, and passes
/// everything else on, WebSockets byte by byte. It reaches the server with the credentials of a kubeconfig; those of its clients are
/// dropped.
/// </summary>
public sealed class KubeApiProxy : IAsyncDisposable
{
    private readonly Upstream _upstream;
    private readonly ProxyPipeline _pipeline;
    private WebApplication? _web;
    private int _port;

    private KubeApiProxy(string kubeconfig, string? token)
    {
        _upstream = new Upstream(kubeconfig, token);
        _pipeline = new ProxyPipeline(_upstream, Requests, Faults);
    }

    /// <summary>Address of the proxy, e.g. <c>http://127.0.0.1:40123</c>.</summary>
    public Uri BaseUri => new($"http://127.0.0.1:{_port}");

    /// <summary>Every request of a client.</summary>
    public RequestRecord Requests { get; } = new();

    /// <summary>Rules of fault injection.</summary>
    public FaultPlan Faults { get; } = new(new Random(1));

    /// <summary>Starts to listen in front of the server that the current context of a kubeconfig names.</summary>
    /// <param name="kubeconfig">The path.</param>
    /// <param name="token">The bearer token of another user to reach it as; null: with the credentials of the kubeconfig.</param>
    /// <param name="ct">Ends the start.</param>
    public static async Task<KubeApiProxy> StartAsync(string kubeconfig, string? token = null, CancellationToken ct = default)
    {
        var proxy = new KubeApiProxy(kubeconfig, token);
        await proxy.StartListeningAsync(ct);
        return proxy;
    }

    /// <summary>Listens again after <see cref="StopListeningAsync"/>, on the same port.</summary>
    public async Task StartListeningAsync(CancellationToken ct = default)
    {
        if (_web is not null)
            return;
        var web = LoopbackHost.Build(_port, _pipeline.RunAsync);
        await web.StartAsync(ct);
        _web = web;
        _port = new Uri(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    /// <summary>An outage: connections are refused and those that are open are cut.</summary>
    public async Task StopListeningAsync()
    {
        if (_web is not { } web)
            return;
        _web = null;
        await web.StopAsync(new CancellationToken(canceled: true));
        await web.DisposeAsync();
    }

    /// <summary>Writes a kubeconfig file that points a client at this proxy.</summary>
    /// <returns>The path.</returns>
    public string WriteKubeconfig(string path) => LoopbackHost.WriteKubeconfig(path, BaseUri, token: null);

    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync();
        _upstream.Dispose();
    }
}
