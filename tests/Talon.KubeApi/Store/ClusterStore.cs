using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Controllers;
using Talon.KubeApi.Json;
using Talon.KubeApi.Kubelet;
using Talon.KubeApi.Store;

namespace Talon.KubeApi;

/// <summary>
/// The cluster behind the server: everything in it can be seeded, read and changed here without a request. Thread-safe. What is done
/// here is no effect of a client.
/// </summary>
public sealed class ClusterStore : IDisposable
{
    private readonly Timers _timers;
    private readonly Waiting _waiting;
    private readonly PodController _pods;
    private readonly ReplicaSetController _replicaSets;
    private readonly Identities _identities;

    internal ClusterStore(KubeApiOptions options)
    {
        AbsentGroups = options.AbsentGroups;
        _identities = new Identities(new Random(options.Seed));
        _timers = new Timers(options.TimeProvider);
        _waiting = new Waiting(options.TimeProvider, options.GraceTimeScale);
        Objects = new ObjectStore();
        Creating = new CreateHandler(Objects, _identities, _waiting);
        Deleting = new DeleteHandler(Objects, _waiting);
        Kubelets = new NodeAgent(options.ContainerRoot, Objects, _waiting, _identities);
        _pods = new PodController(Objects, _identities, _waiting, _timers, Deleting, Kubelets);
        var containers = new ContainerRuns(Objects, _identities, _waiting, _timers, Kubelets);
        var owned = new Owned(Objects, Creating);
        _replicaSets = new ReplicaSetController(Objects, Deleting, owned);
        var nodes = new NodeController(Objects, _waiting, _timers);
        var namespaces = new NamespaceController(Objects, _waiting, _timers, Deleting);
        var jobs = new JobController(Objects, _waiting, _timers, Deleting, owned);
        var garbage = new GarbageCollector(Objects, _waiting, _timers, Deleting);
        var deployments = new DeploymentController(Objects, Creating, owned);
        var daemons = new DaemonSetController(Objects, Deleting, owned);
        var stateful = new StatefulSetController(Objects, Deleting, owned);
        var mirrors = new MirrorController(Objects, Creating, _waiting, _timers);
        var budgets = new BudgetController(Objects, _waiting, _timers, options.BudgetReaction);
        Objects.Changed = (old, now) =>
        {
            _pods.OnChange(old, now);
            nodes.OnChange(now);
            _replicaSets.OnChange(old, now);
            deployments.OnChange(old, now);
            daemons.OnChange(old, now);
            stateful.OnChange(old, now);
            namespaces.OnChange(old, now);
            jobs.OnChange(old, now);
            garbage.OnChange(old, now);
            Kubelets.OnChange(old, now);
            containers.OnChange(old, now);
            mirrors.OnChange(old, now);
            budgets.OnChange(old, now);
        };
        foreach (var name in new[] { "default", "kube-node-lease", "kube-public", "kube-system" })
            AddNamespace(name);
        AddNode(options.NodeName);
    }

    /// <summary>The version of the whole store; every change moves it.</summary>
    public long ResourceVersion => Objects.Version;

    /// <summary>What runs in the containers.</summary>
    public NodeAgent Kubelets { get; }

    internal ObjectStore Objects { get; }

    internal CreateHandler Creating { get; }

    internal DeleteHandler Deleting { get; }

    internal Waiting Waiting => _waiting;

    /// <summary>Groups this cluster does not have.</summary>
    internal IReadOnlyList<string> AbsentGroups { get; }

    /// <returns>The namespace, new or as it was.</returns>
    public StoredObject AddNamespace(string name)
    {
        lock (Objects.Gate)
        {
            if (Objects.Find(ResourceKinds.Namespaces, null, name) is { } found)
                return found;
            var json = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } };
            Creating.Prepare(ResourceKinds.Namespaces, json);
            return Objects.Put(ResourceKinds.Namespaces, json);
        }
    }

    /// <returns>The node, new or as it was.</returns>
    public StoredObject AddNode(string name, IReadOnlyDictionary<string, string>? labels = null)
    {
        lock (Objects.Gate)
        {
            if (Objects.Find(ResourceKinds.Nodes, null, name) is { } found)
                return found;
            var json = Seeding.Node(name, labels, _waiting.Now.Rfc3339());
            var status = json["status"]!.DeepClone();
            Creating.Prepare(ResourceKinds.Nodes, json);
            json["status"] = status;
            return Objects.Put(ResourceKinds.Nodes, json);
        }
    }

    /// <summary>Adds a pod; its namespace is made when it is missing.</summary>
    /// <exception cref="InvalidOperationException">A pod of this name exists.</exception>
    public StoredObject AddPod(string ns, string name, PodSeed? seed = null)
    {
        seed ??= new PodSeed();
        lock (Objects.Gate)
        {
            AddNamespace(ns);
            if (Objects.Find(ResourceKinds.Pods, ns, name) is not null)
                throw new InvalidOperationException($"pod {ns}/{name} exists");
            var node = seed.NodeName ?? Objects.Latest(ResourceKinds.Nodes).Objects.Values.FirstOrDefault()?.Name ?? "";
            if (seed is { IsMirror: true, Owner: null } && Objects.Find(ResourceKinds.Nodes, null, node) is { } owner)
                seed = seed with { Owner = OwnerSeed.Of(owner) };
            var json = Seeding.Pod(ns, name, seed, node, _identities);
            Creating.Prepare(ResourceKinds.Pods, json);
            if (seed.Uid is not null)
                json.Meta()["uid"] = seed.Uid;
            var now = _waiting.Now.Rfc3339();
            if (node.Length == 0)
            {
                // Only a scheduler of another name leaves such a pod alone.
                json.Map("spec")["schedulerName"] = "none";
                PodStatus.Pending(json, now, "0 nodes are available.");
            }
            else if (seed.Phase == "Pending")
            {
                PodStatus.Pending(json, now, null);
            }
            else
            {
                PodStatus.Running(json, now, seed.Ready, seed.PodIP ?? _pods.NextAddress(), _identities);
                if (seed.Phase is "Succeeded" or "Failed")
                    PodStatus.Ended(json, now, seed.Phase == "Failed");
            }

            return Objects.Put(ResourceKinds.Pods, json);
        }
    }

    /// <summary>
    /// Adds a replica set, and by default its pods. Its status follows the pods that name it as owner: replicas counts those that are not
    /// terminating and have not ended, readyReplicas those of them that are ready.
    /// </summary>
    public StoredObject AddReplicaSet(string ns, string name, int replicas, ReplicaSetSeed? seed = null)
    {
        seed ??= new ReplicaSetSeed();
        lock (Objects.Gate)
        {
            AddNamespace(ns);
            var labels = seed.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = name };
            var json = Seeding.ReplicaSet(ns, name, replicas, seed, labels, _identities);
            Creating.Prepare(ResourceKinds.ReplicaSets, json);
            if (!seed.RecreatePods)
                _replicaSets.LeaveAlone(json.Meta().Text("uid"));
            var stored = Objects.Put(ResourceKinds.ReplicaSets, json);
            for (var i = 0; seed is { CreatePods: true, RecreatePods: false } && i < replicas; i++)
            {
                AddPod(
                    ns,
                    $"{name}-{_identities.Suffix()}",
                    new PodSeed { Labels = labels, Owner = OwnerSeed.Of(stored), TerminationGracePeriodSeconds = seed.TerminationGracePeriodSeconds });
            }

            return Objects.Find(ResourceKinds.ReplicaSets, ns, name)!;
        }
    }

    /// <summary>
    /// The object as it is now, or null. The resource is the plural name (pods, nodes, deployments ...), with its group where two groups have
    /// it (networkpolicies.projectcalico.org; without, the first row of the table); the namespace is null for kinds that live in none.
    /// </summary>
    public StoredObject? Find(string resource, string? ns, string name) => Objects.Find(Kind(resource), ns, name);

    /// <summary>The pod as it is now, or null.</summary>
    public StoredObject? FindPod(string ns, string name) => Find("pods", ns, name);

    /// <summary>All objects of a resource, of one namespace or of all, by name.</summary>
    public IReadOnlyList<StoredObject> List(string resource, string? ns = null) =>
        [.. Objects.Latest(Kind(resource)).Objects.Values.Where(o => ns is null || o.Namespace == ns)];

    /// <summary>Changes an object as a controller would: under a new version, without the checks that hold for clients.</summary>
    /// <returns>False when there is no such object.</returns>
    public bool Update(string resource, string? ns, string name, Action<JsonObject> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (Objects.Gate)
        {
            if (Find(resource, ns, name) is not { } found)
                return false;
            var json = found.ToJson();
            change(json);
            Objects.Put(found.Kind, json);
            return true;
        }
    }

    /// <summary>Removes an object at once, whatever holds it.</summary>
    /// <returns>False when there is no such object.</returns>
    public bool Remove(string resource, string? ns, string name)
    {
        lock (Objects.Gate)
        {
            if (Find(resource, ns, name) is not { } found)
                return false;
            Objects.Remove(found);
            return true;
        }
    }

    /// <summary>Forgets all older versions: pages and exact lists of them are answered 410 from now on.</summary>
    public void Compact() => Objects.Compact();

    public void Dispose()
    {
        _timers.Dispose();
        Kubelets.Dispose();
    }

    private static ResourceKind Kind(string resource) =>
        ResourceKinds.All.FirstOrDefault(k => k.Plural == resource || k.QualifiedPlural == resource)
        ?? throw new ArgumentException($"unknown resource {resource}", nameof(resource));
}
