using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Talon.KubeApi;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>
/// The fixture of a specification class: a namespace of its own on a cluster, a proxy that records and injects faults in front of it, and
/// one process of the shipped <c>talon</c> for all tests of the class. Everything goes through the API, so that a test is the same on the
/// stand-in and on a real cluster.
/// </summary>
public abstract class ClusterRig : IAsyncLifetime
{
    /// <summary>The image of pods that only need to be there.</summary>
    internal const string PauseImage = "registry.k8s.io/pause:3.10";

    /// <summary>The image of pods with a shell and the small programs that tests use.</summary>
    internal const string ShellImage = "busybox:1.36";

    /// <summary>What stands in a rule file for <see cref="Artifacts"/>.</summary>
    internal const string ArtifactsMark = "{artifacts}";

    /// <summary>What stands in a rule file for <see cref="Namespace"/>.</summary>
    internal const string NamespaceMark = "{namespace}";

    /// <summary>What stands in a rule file for a timeout within which an action on this cluster comes to its write.</summary>
    internal const string ImpatienceMark = "{impatience}";

    /// <summary>The same for an action that starts a container first and writes no further.</summary>
    internal const string ContainerImpatienceMark = "{container-impatience}";

    /// <summary>Seconds by which each answer to Talon is delayed, as those of a busy cluster; none by default.</summary>
    internal const string DelayVariable = "TALON_TEST_API_DELAY";

    // More than any action asks for before it writes.
    private const int RequestsBeforeAWrite = 12;

    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly NodeKeeper _nodes = new();
    private KubeApiServer? _standIn;
    private KubeApiProxy? _proxy;
    private KubeApiProxy? _raw;
    private TalonAccount? _account;
    private TalonProcess? _talon;
    private Kubernetes? _client;
    private int _events;

    private protected ClusterRig(IClusterRules rules) => Rules = rules;

    /// <summary>The namespace of the class.</summary>
    internal string Namespace { get; } = $"talon-e2e-{Guid.NewGuid().ToString("N")[..10]}";

    /// <summary>The namespace that Talon takes for its own.</summary>
    internal string OwnNamespace => $"{Namespace}-own";

    /// <summary>A client of the cluster itself, past the proxy.</summary>
    internal Kubernetes Client => _client ?? throw NotStarted();

    /// <summary>The process.</summary>
    internal TalonProcess Talon => _talon ?? throw NotStarted();

    /// <summary>The containers of the stand-in: scripts, programs, logs. Null on a real cluster.</summary>
    internal NodeAgent? ScriptedKubelets => _standIn?.Kubelets;

    /// <summary>The same for tests that need <see cref="Needs.StandIn"/>.</summary>
    internal NodeAgent Kubelets => ScriptedKubelets ?? throw new InvalidOperationException("only the stand-in has scripted containers");

    /// <summary>A folder on the host of the process for what actions store.</summary>
    internal string Artifacts => Path.Combine(_folder.Path, "artifacts");

    private protected IClusterRules Rules { get; }

    public async Task InitializeAsync()
    {
        if (await ConnectAsync(_folder.Path) is not { } cluster)
        {
            return;
        }

        _standIn = cluster.StandIn;
        _client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(cluster.Kubeconfig));
        var delay = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable(DelayVariable) ?? "0", CultureInfo.InvariantCulture));
        var slowest = TimeSpan.Zero;
        foreach (string name in (string[])[Namespace, OwnNamespace])
        {
            var watch = Stopwatch.StartNew();
            await Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name } });
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }

        _raw = await KubeApiProxy.StartAsync(cluster.Kubeconfig);
        Directory.CreateDirectory(Artifacts);
        int impatience = 2 + (int)((slowest + delay) * RequestsBeforeAWrite).TotalSeconds;
        _folder.Write(
            "rules.yaml",
            Rules.Rules.Replace(ArtifactsMark, Artifacts, StringComparison.Ordinal).Replace(NamespaceMark, Namespace, StringComparison.Ordinal)
                .Replace(ImpatienceMark, $"{impatience}s", StringComparison.Ordinal)
                .Replace(ContainerImpatienceMark, $"{impatience + 3}s", StringComparison.Ordinal));
        _account = Rules.Rights is null ? null : new TalonAccount(Client, OwnNamespace, Namespace);
        string? token = _account is null ? null : await _account.MakeAsync(Path.Combine(_folder.Path, "rules.yaml"), Rules.Rights!, _standIn);
        _proxy = await KubeApiProxy.StartAsync(cluster.Kubeconfig, token);
        if (delay > TimeSpan.Zero)
        {
            _proxy.Faults.Add(FaultRule.Delay(delay));
        }

        _folder.Write("config.yaml", TalonRig.Base(Path.Combine(_folder.Path, "journal")) + Rules.Configuration);
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["KUBECONFIG"] = _proxy.WriteKubeconfig(Path.Combine(_folder.Path, "kubeconfig-talon")),
            ["POD_NAMESPACE"] = OwnNamespace,
        };
        _talon = TalonProcess.Start(
            "talon", environment, "server", "-c", Path.Combine(_folder.Path, "config.yaml"), "-r", Path.Combine(_folder.Path, "rules.yaml"));
        await _talon.ListeningAsync();
        await Eventually.TrueAsync(IsReadyAsync, () => $"the process is not ready\n{_talon.Tail()}");
    }

    public async Task DisposeAsync()
    {
        if (_talon is not null)
        {
            await _talon.DisposeAsync();
        }

        foreach (var proxy in (KubeApiProxy?[])[_proxy, _raw])
        {
            if (proxy is not null)
            {
                await proxy.DisposeAsync();
            }
        }

        if (_client is not null)
        {
            await _nodes.RestoreAsync(_client);
            await (_account?.RemoveAsync() ?? Task.CompletedTask);
            foreach (string name in (string[])[Namespace, OwnNamespace])
            {
                await _client.CoreV1.DeleteNamespaceAsync(name);
            }

            _client.Dispose();
        }

        if (_standIn is not null)
        {
            await _standIn.DisposeAsync();
        }

        _http.Dispose();
        _folder.Dispose();
    }

    /// <summary>A kubeconfig, and the stand-in where that is the cluster; null when there is no cluster.</summary>
    private protected abstract Task<(string Kubeconfig, KubeApiServer? StandIn)?> ConnectAsync(string folder);

    /// <summary>Makes a pod and waits until it runs.</summary>
    /// <param name="name">Its name: one of its own for each test, also because faults and records are told apart by it.</param>
    /// <param name="change">What is to be different from one container of <see cref="PauseImage"/> with the name main.</param>
    internal async Task<V1Pod> AddPodAsync(string name, Action<V1Pod>? change = null)
    {
        var pod = new V1Pod { Metadata = new V1ObjectMeta { Name = name }, Spec = Workloads.PodSpec() };
        change?.Invoke(pod);
        await Client.CoreV1.CreateNamespacedPodAsync(pod, Namespace);
        return await RunningAsync(() => Client.CoreV1.ListNamespacedPodAsync(Namespace, fieldSelector: $"metadata.name={name}"), name, 1);
    }

    /// <summary>Makes a pod with the label app, whose value is its name, and waits until it runs.</summary>
    internal Task<V1Pod> AddLabelledPodAsync(string name) => AddPodAsync(name, pod => pod.Metadata.Labels = Workloads.Labels(name));

    /// <summary>Makes a ReplicaSet and waits until all its pods run.</summary>
    /// <returns>One of the pods.</returns>
    internal async Task<V1Pod> AddReplicaSetAsync(string name, int replicas)
    {
        await Client.AppsV1.CreateNamespacedReplicaSetAsync(Workloads.ReplicaSet(name, replicas), Namespace);
        return await RunningAsync(() => PodsOfAsync(name), name, replicas);
    }

    /// <summary>Makes a DaemonSet and waits until a pod of it runs.</summary>
    internal async Task<V1Pod> AddDaemonSetAsync(string name, Action<V1DaemonSet>? change = null)
    {
        var set = Workloads.DaemonSet(name);
        change?.Invoke(set);
        await Client.AppsV1.CreateNamespacedDaemonSetAsync(set, Namespace);
        return await RunningAsync(() => PodsOfAsync(name), name, 1);
    }

    /// <summary>Makes a StatefulSet of one pod and waits until it runs.</summary>
    internal async Task<V1Pod> AddStatefulSetAsync(string name)
    {
        await Client.AppsV1.CreateNamespacedStatefulSetAsync(Workloads.StatefulSet(name), Namespace);
        return await RunningAsync(() => PodsOfAsync(name), name, 1);
    }

    /// <summary>Makes a Deployment of one pod and waits until it runs.</summary>
    internal async Task<V1Pod> AddDeploymentAsync(string name)
    {
        await Client.AppsV1.CreateNamespacedDeploymentAsync(Workloads.Deployment(name), Namespace);
        return await RunningAsync(() => PodsOfAsync(name), name, 1);
    }

    /// <summary>Sends a request as it is to the cluster itself, for resources of any kind.</summary>
    /// <returns>The object in the answer; null when there is none of that name.</returns>
    internal async Task<JsonObject?> SendAsync(HttpMethod method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri((_raw ?? throw NotStarted()).BaseUri, path));
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        using var response = await _http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotFound, $"{method} {path}: {text}");
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)!.AsObject() : null;
    }

    /// <summary>The pod of this uid as it is now; null when it has gone.</summary>
    internal async Task<V1Pod?> ReadAsync(V1Pod pod) =>
        (await Client.CoreV1.ListNamespacedPodAsync(Namespace)).Items.FirstOrDefault(p => p.Metadata.Uid == pod.Metadata.Uid);

    internal async Task<bool> IsGoneOrGoingAsync(V1Pod pod) => await ReadAsync(pod) is null or { Metadata.DeletionTimestamp: not null };

    /// <summary>The node of a pod. Its labels, annotations and cordon are put back as they are now when the class ends.</summary>
    internal async Task<V1Node> NodeOfAsync(V1Pod pod) => _nodes.Keep(await Client.CoreV1.ReadNodeAsync(pod.Spec.NodeName));

    /// <summary>Posts an event of a rule of Falco about a pod and its first container; the fields come on top or instead.</summary>
    internal Task<PostedEvent> PostAsync(string rule, V1Pod pod, params (string Name, object? Value)[] fields) =>
        PostAsync(FalcoBody.Now, rule, pod, fields);

    /// <summary>Posts such an event that happened at another time than now.</summary>
    internal Task<PostedEvent> PostAsync(DateTimeOffset time, string rule, V1Pod pod, params (string Name, object? Value)[] fields)
    {
        string? container = pod.Status?.ContainerStatuses?[0].ContainerID?.Split("://")[1][..12];
        (string Name, object? Value)[] own = [("k8s.ns.name", Namespace), ("k8s.pod.name", pod.Metadata.Name), ("container.id", container ?? "host")];
        return PostAsync(pod.Metadata.Name, output => FalcoBody.CreateFor(rule, output, time, [.. own.Where(o => fields.All(f => f.Name != o.Name)), .. fields]));
    }

    /// <summary>Posts an event of the audit log about an object; no namespace for one that is in none.</summary>
    internal Task<PostedEvent> PostAuditAsync(string rule, string resource, string name, string? ns, DateTimeOffset? time = null) =>
        PostAsync(name, output => FalcoBody.Audit(rule, output, time ?? FalcoBody.Now, resource, name, ns));

    private async Task<PostedEvent> PostAsync(string subject, Func<string, string> body)
    {
        string output = $"{subject} #{Interlocked.Increment(ref _events)}";
        using var content = new StringContent(body(output));
        using var response = await _http.PostAsync(Talon.Address, content);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}\n{Talon.Tail()}");
        return new PostedEvent(output);
    }

    /// <summary>Waits for the last log line of an action of an event: its status, result or error, output, objects.</summary>
    internal Task<LogEvent> OutcomeAsync(PostedEvent posted, string? action = null) => Talon.LineAsync(
        line => line.Message == "action" && line["event"] == posted.Output && (action is null || line.Action == action)
            && line.Status is "success" or "ignored" or "failure",
        $"the outcome of {action ?? "the action"} of '{posted.Output}'");

    /// <summary>Waits for the log line about what an action has stored.</summary>
    internal Task<LogEvent> StoredAsync(LogEvent outcome) => Talon.LineAsync(
        line => line.Message == "output" && line["event_key"] == outcome["event_key"] && line.Action == outcome.Action, $"the artifact of {outcome.Text}");

    /// <summary>The lines of attempts that are to be repeated.</summary>
    internal IReadOnlyList<LogEvent> RetriesOf(PostedEvent posted) =>
        [.. Talon.Log.Where(line => line.Message == "action" && line["event"] == posted.Output && line.Status == "retry")];

    /// <summary>Adds a fault for the requests about one pod; those of other tests do not meet it.</summary>
    internal FaultRule AddFault(V1Pod pod, FaultRule rule)
    {
        var own = rule with { Namespace = $"^{Namespace}$", Name = $"^{pod.Metadata.Name}$" };
        Proxy.Faults.Add(own);
        return own;
    }

    /// <summary>Adds a fault as it is: where the object has a name that only this test knows, or where it is removed again.</summary>
    internal void AddFault(FaultRule rule) => Proxy.Faults.Add(rule);

    internal void RemoveFault(FaultRule rule) => Proxy.Faults.Remove(rule);

    /// <summary>How many requests have met a fault.</summary>
    internal int HitsOf(FaultRule rule) => Proxy.Faults.HitsOf(rule);

    /// <summary>All requests of the process, oldest first.</summary>
    internal IReadOnlyList<RecordedRequest> Requests => Proxy.Requests.All;

    /// <summary>The requests of the process about one pod of the namespace of the class.</summary>
    internal IReadOnlyList<RecordedRequest> RequestsOf(V1Pod pod) => [.. Requests.Where(r => r.Namespace == Namespace && r.Name == pod.Metadata.Name)];

    private async Task<bool> IsReadyAsync()
    {
        using var response = await _http.GetAsync(new Uri(Talon.Address!, "/readyz"));
        return response.IsSuccessStatusCode;
    }

    private KubeApiProxy Proxy => _proxy ?? throw NotStarted();

    private Task<V1PodList> PodsOfAsync(string app) => Client.CoreV1.ListNamespacedPodAsync(Namespace, labelSelector: $"app={app}");

    private static Task<V1Pod> RunningAsync(Func<Task<V1PodList>> list, string name, int count) => Eventually.GetAsync(
        async () => (await list()).Items is { } pods && pods.Count >= count && pods.All(Workloads.IsRunning) ? pods[0] : null,
        () => $"the pods of {name} do not run",
        TimeSpan.FromMinutes(3));

    private static InvalidOperationException NotStarted() => new("there is no cluster: the test should have been skipped");
}
