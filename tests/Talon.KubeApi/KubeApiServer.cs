using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Talon.KubeApi.Api;

namespace Talon.KubeApi;

/// <summary>An in-memory Kubernetes API server on 127.0.0.1, plain HTTP/1.1.</summary>
public sealed class KubeApiServer : IAsyncDisposable
{
    private readonly KubeApiOptions _options;
    private readonly Pipeline _pipeline;
    private readonly ControlPath _control;
    private WebApplication? _web;
    private int _port;

    private KubeApiServer(KubeApiOptions options)
    {
        _options = options;
        _port = options.Port;
        Store = new ClusterStore(options);
        Faults = new FaultPlan(new Random(options.Seed));
        _pipeline = new Pipeline(new Router(Store, options.Token), Store, Requests, Effects, Faults);
        _control = new ControlPath(this);
    }

    /// <summary>Address of the server, e.g. <c>http://127.0.0.1:40123</c>. It stays the same over a stop and a start.</summary>
    public Uri BaseUri => new($"http://127.0.0.1:{_port}");

    /// <summary>The cluster, for seeding and for looking into it.</summary>
    public ClusterStore Store { get; }

    /// <summary>What runs in the containers: execs, their scripts, programs and logs.</summary>
    public NodeAgent Kubelets => Store.Kubelets;

    /// <summary>Every request of a client.</summary>
    public RequestRecord Requests { get; } = new();

    /// <summary>Every change a client made, and the writes that changed nothing.</summary>
    public EffectRecord Effects { get; } = new();

    /// <summary>Rules of fault injection.</summary>
    public FaultPlan Faults { get; }

    /// <summary>Makes a server and starts to listen.</summary>
    public static async Task<KubeApiServer> StartAsync(KubeApiOptions? options = null, CancellationToken ct = default)
    {
        var server = new KubeApiServer(options ?? new KubeApiOptions());
        await server.StartListeningAsync(ct);
        return server;
    }

    /// <summary>Listens again after <see cref="StopListeningAsync"/>, on the same port and with the same state.</summary>
    public async Task StartListeningAsync(CancellationToken ct = default)
    {
        if (_web is not null)
            return;
        var web = Build();
        await web.StartAsync(ct);
        _web = web;
        var address = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _port = new Uri(address).Port;
    }

    /// <summary>An outage of the API: connections are refused and those that are open are cut. State and timers go on.</summary>
    public async Task StopListeningAsync()
    {
        if (_web is not { } web)
            return;
        _web = null;
        await web.StopAsync(new CancellationToken(canceled: true));
        await web.DisposeAsync();
    }

    /// <summary>Writes a kubeconfig file that points a client at this server.</summary>
    /// <returns>The path.</returns>
    public string WriteKubeconfig(string path)
    {
        // Clients refuse a user without credentials, so there is a token even where any is let in.
        var user = $"{{ token: \"{_options.Token ?? "any"}\" }}";
        File.WriteAllText(
            path,
            $"""
            apiVersion: v1
            kind: Config
            current-context: kubeapi
            clusters:
            - name: kubeapi
              cluster: {"{"} server: "{BaseUri.GetLeftPart(UriPartial.Authority)}" {"}"}
            users:
            - name: kubeapi
              user: {user}
            contexts:
            - name: kubeapi
              context: {"{"} cluster: kubeapi, user: kubeapi, namespace: default {"}"}

            """);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync();
        Store.Dispose();
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, _port);
        });
        // The process belongs to the program or test around us: its signals are not ours to handle.
        builder.Services.RemoveAll<IHostLifetime>();
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        var web = builder.Build();
        web.UseWebSockets();
        web.Run(HandleAsync);
        return web;
    }

    private async Task HandleAsync(HttpContext context)
    {
        try
        {
            await (context.Request.Path.StartsWithSegments("/_control", StringComparison.Ordinal) && context.Request.Path.Value!.Length > ControlPath.Prefix.Length
                ? _control.RunAsync(context)
                : _pipeline.RunAsync(context));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone, or the server stops.
            context.Abort();
        }
    }

    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
