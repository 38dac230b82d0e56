using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Talon.KubeApi.Access;
using Talon.KubeApi.Api;

namespace Talon.KubeApi;

/// <summary>An in-memory Kubernetes API server on 127.0.0.1, plain HTTP/1.1.</summary>
public sealed class KubeApiServer : IAsyncDisposable
{
    private readonly KubeApiOptions _options;
    private readonly AccessControl _access;
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
        _access = new AccessControl(options.Token, options.EnforceRbac ? new Authorizer(Store.Objects) : null);
        _pipeline = new Pipeline(_access, new Router(Store, _access), Store, Requests, Effects, Faults);
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
        var web = LoopbackHost.Build(_port, HandleAsync);
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

    /// <summary>
    /// Lets a bearer token in as a user of this name, e.g. <c>alice</c> or <c>system:serviceaccount:NAMESPACE:NAME</c>. With
    /// <see cref="KubeApiOptions.EnforceRbac"/> the roles and bindings in the store say what this user may do; without, everything.
    /// </summary>
    public void AddUser(string token, string user, params string[] groups)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        ArgumentException.ThrowIfNullOrEmpty(user);
        _access.Add(token, Caller.Named(user, groups));
    }

    /// <summary>Writes a kubeconfig file that points a client at this server, with the token of a user or by default of the admin.</summary>
    /// <returns>The path.</returns>
    public string WriteKubeconfig(string path, string? token = null) => LoopbackHost.WriteKubeconfig(path, BaseUri, token ?? _options.Token);

    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync();
        Store.Dispose();
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
}
