using System.Collections.Immutable;
using Talon.Actors.Catalog;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Plugins;
using Talon.CloudApi.Aws;
using Talon.CloudApi.Google;
using Talon.Cluster.Locks;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Actors.Tests.Actionners;

/// <summary>A Kubernetes stand-in, the real client on it, and the actionners of the catalog, run the way the pipeline runs them.</summary>
public sealed class ActionnerRig : IAsyncDisposable
{
    /// <summary>The secret of the kubeconfig: nowhere in what Talon says.</summary>
    public const string Token = "rig-s3cret";

    private readonly string _folder = Directory.CreateTempSubdirectory("talon-rig-").FullName;
    private readonly ImmutableArray<IActionner> _actionners;
    private readonly Clouds? _clouds;

    private ActionnerRig(
        KubeApiServer server, Clouds? clouds, IReadOnlyList<Func<DelegatingHandler>>? extraHandlers, TimeProvider clock, string? token, IClusterLocks? clusterLocks)
    {
        Server = server;
        _clouds = clouds;
        Kubeconfig = server.WriteKubeconfig(Path.Combine(_folder, "kubeconfig"), token);
        var environment = new KubeEnvironment(name => name == "POD_NAMESPACE" ? "talon" : null, _ => null);
        var options = new KubernetesOptions { Kubeconfig = Kubeconfig, Version = "1.2.3" };
        Connection = new KubernetesConnection(options, environment, clock, extraHandlers);
        var protectedNamespaces = ProtectedNamespaces.Create(options.ProtectedNamespaces, environment);
        Ports = new PluginPorts
        {
            Kubernetes = new KubernetesPorts(Connection, protectedNamespaces, clock),
            ProtectedNamespaces = protectedNamespaces,
            Aws = clouds?.Aws.Connect(clock: clock) ?? new AwsConnection(new AwsOptions(), _ => null, clock),
            Gcp = clouds?.Google.Connect(clock: clock) ?? new GcpConnection(new GcpOptions(), clock, new GcpEnvironment(_ => null)),
            Clock = clock,
            Log = Log,
            Locks = clusterLocks ?? new LocalLocks(),
        };
        _actionners = PluginCatalog.Default.CreateActionners(Ports);
    }

    public KubeApiServer Server { get; }

    /// <summary>What actions of AWS go to.</summary>
    /// <summary>AWS, for a rig with clouds.</summary>
    public AwsServer Aws => Standing.Aws;

    /// <summary>Google Cloud, for a rig with clouds.</summary>
    public GoogleServer Google => Standing.Google;

    public string Kubeconfig { get; }

    public KubernetesConnection Connection { get; }

    public PluginPorts Ports { get; }

    public KeptLog Log { get; } = new();

    public IReadOnlyList<RecordedRequest> Writes => [.. Server.Requests.All.Where(request => request.Method is "DELETE" or "PATCH" or "PUT" or "POST")];

    /// <param name="options">The stand-in.</param>
    /// <param name="extraHandlers">Handlers around every call.</param>
    /// <param name="clock">The clock of Talon.</param>
    /// <param name="token">The token that Talon shows; null for that of the administrator.</param>
    /// <param name="clusterLocks">The locks; null for those of one process.</param>
    /// <param name="withClouds">Whether there are stand-ins of AWS and Google Cloud; otherwise no test may use them.</param>
    public static async Task<ActionnerRig> StartAsync(
        KubeApiOptions? options = null, IReadOnlyList<Func<DelegatingHandler>>? extraHandlers = null, TimeProvider? clock = null, string? token = null,
        IClusterLocks? clusterLocks = null, bool withClouds = false) =>
        new(
            await KubeApiServer.StartAsync((options ?? new KubeApiOptions()) with { Token = Token }),
            withClouds ? new Clouds(await AwsServer.StartAsync(), await GoogleServer.StartAsync()) : null,
            extraHandlers,
            clock ?? TimeProvider.System,
            token,
            clusterLocks);

    /// <summary>A time of an event for a pod that was just created: late enough for the pod to be older than it.</summary>
    public static DateTimeOffset Later() => TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1);

    public static FalcoEvent EventFor(string namespaceName, string pod) => TestEvents.ForPod(namespaceName, pod, Later());

    public static CallScope Scope(TimeSpan? timeout = null, Func<bool>? up = null, CancellationToken token = default) =>
        new(TimeProvider.System, timeout ?? TimeSpan.FromMinutes(1), up ?? (() => true), token);

    public static ActionRequest Request(
        string actionner, FalcoEvent falcoEvent, ParameterMap? parameters = null, TargetRef? earlier = null, DateTimeOffset? acceptedAt = null) => new()
        {
            Event = falcoEvent,
            AcceptedAt = acceptedAt ?? Later(),
            Rule = "A rule",
            EventKey = "0123456789abcdef0123456789abcdef-1",
            EarlierTarget = earlier,
            Action = new PlannedAction
            {
                Position = 0,
                Name = "An action",
                Actionner = ActionnerName.Parse(actionner),
                Parameters = parameters ?? ParameterMap.Empty,
                IgnoreErrors = false,
            },
        };

    public IActionner Find(string actionner) => _actionners.Single(a => a.Descriptor.Name == ActionnerName.Parse(actionner));

    /// <summary>Both halves, as an attempt runs them.</summary>
    public async Task<ActionOutcome> RunAsync(ActionRequest request, CallScope? scope = null)
    {
        var actionner = Find(request.Action.Actionner.ToString());
        scope ??= Scope();
        return await actionner.PrepareAsync(request, scope) switch
        {
            Preparation.Done done => done.Outcome,
            Preparation.Ready ready => await actionner.RunAsync(request, ready, scope),
            var other => throw new InvalidOperationException($"no such preparation: {other}"),
        };
    }

    /// <summary>Both halves with the rights of the administrator, and no trace of their requests.</summary>
    public async Task<ActionOutcome> RunAsAdministratorAsync(ActionRequest request)
    {
        var environment = new KubeEnvironment(_ => null, _ => null);
        var options = new KubernetesOptions { Kubeconfig = Server.WriteKubeconfig(Path.Combine(_folder, "administrator")) };
        using var connection = new KubernetesConnection(options, environment, TimeProvider.System);
        var kubernetes = new KubernetesPorts(connection, Ports.ProtectedNamespaces, TimeProvider.System);
        var actionner = PluginCatalog.Default.CreateActionners(Ports with { Kubernetes = kubernetes }).Single(a => a.Descriptor.Name == request.Action.Actionner);
        var outcome = await actionner.PrepareAsync(request, Scope()) switch
        {
            Preparation.Done done => done.Outcome,
            Preparation.Ready ready => await actionner.RunAsync(request, ready, Scope()),
            var other => throw new InvalidOperationException($"no such preparation: {other}"),
        };
        Server.Requests.Clear();
        Server.Effects.Clear();
        return outcome;
    }

    /// <summary>A second client on the same server that reads only small answers.</summary>
    public SmallClient ConnectAgain(long maxAnswerBytes) => new(Path.Combine(_folder, "kubeconfig"), maxAnswerBytes);

    private Clouds Standing => _clouds ?? throw new InvalidOperationException("the rig was started without clouds");

    public async ValueTask DisposeAsync()
    {
        Connection.Dispose();
        Ports.Aws.Dispose();
        await Server.DisposeAsync();
        Ports.Gcp.Dispose();
        await (_clouds?.Aws.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_clouds?.Google.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(_folder, recursive: true);
    }

    public sealed class SmallClient : IDisposable
    {
        private readonly KubernetesConnection _connection;

        internal SmallClient(string kubeconfig, long maxAnswerBytes)
        {
            var environment = new KubeEnvironment(_ => null, _ => null);
            _connection = new KubernetesConnection(
                new KubernetesOptions { Kubeconfig = kubeconfig, MaxAnswerBytes = maxAnswerBytes }, environment, TimeProvider.System);
            Ports = new KubernetesPorts(_connection, ProtectedNamespaces.Create([], environment), TimeProvider.System);
        }

        public KubernetesPorts Ports { get; }

        public void Dispose()
        {
            _connection.Dispose();
        }
    }

    private sealed record Clouds(AwsServer Aws, GoogleServer Google);
}
