using System.Text.Json.Nodes;
using Talon.Actors.Tests.Actionners;
using Talon.Actors.Tests.Actionners.Captures;
using Talon.KubeApi;
using Talon.Rules.Events;
using Talon.Rules.Model;

namespace Talon.Actors.Tests.Plugins.Rbac;

/// <summary>A way to use an actionner. Pods are found by their container id alone, the way that needs most rights.</summary>
/// <param name="Actionner">The full name.</param>
/// <param name="Name">What is special about it.</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="SetUpAsync">Makes the objects and the event.</param>
internal sealed record RbacScenario(string Actionner, string Name, ParameterMap Parameters, Func<ActionnerRig, Task<FalcoEvent>> SetUpAsync)
{
    private static readonly ParameterMap None = ParameterMap.Empty;

    public static IReadOnlyList<RbacScenario> All { get; } =
    [
        new("kubernetes:terminate", "a pod", None, StandaloneAsync),
        .. Counted("kubernetes:terminate", Texts(("min_healthy_replicas", "0"))),
        new("kubernetes:label", "a pod", Map("labels"), StandaloneAsync),
        new("kubernetes:label", "its node", Map("labels").With("level", new ParameterValue.Text("node")), StandaloneAsync),
        new("kubernetes:annotation", "a pod", Map("annotations"), StandaloneAsync),
        new("kubernetes:annotation", "its node", Map("annotations").With("level", new ParameterValue.Text("node")), StandaloneAsync),
        new("kubernetes:exec", "a pod", Texts(("command", "true")), StandaloneAsync),
        new("kubernetes:script", "a pod", Texts(("script", "true")), StandaloneAsync),
        new("kubernetes:log", "a pod", None, async rig =>
        {
            var about = await StandaloneAsync(rig);
            rig.Server.Kubelets.SetLog("shop", "cart-0", "app", "a line\n"u8);
            return about;
        }),
        new("kubernetes:download", "a pod", Texts(("file", "/etc/passwd")), StandaloneAsync),
        new("kubernetes:cordon", "the node of a pod", None, StandaloneAsync),
        new("kubernetes:drain", "the node of a pod", None, StandaloneAsync),
        .. Counted("kubernetes:drain", Texts(("min_healthy_replicas", "0")).With("ignore_daemonsets", new ParameterValue.Flag(false))),
        new("kubernetes:tcpdump", "a pod", None, CapturedAsync),
        new("kubernetes:sysdig", "a pod", None, CapturedAsync),
        new("kubernetes:sysdig", "a pod, elsewhere", Texts(("namespace", "captures")), CapturedAsync),
        .. Policies("kubernetes:networkpolicy"),
        .. Policies("calico:networkpolicy"),
        .. Policies("cilium:networkpolicy"),
        .. Deletions,
    ];

    private static IEnumerable<RbacScenario> Deletions =>
    [
        Deletion("namespaces", "api/v1/namespaces", "Namespace", ""),
        Deletion("configmaps", "api/v1/namespaces/shop/configmaps", "ConfigMap", ""),
        Deletion("secrets", "api/v1/namespaces/shop/secrets", "Secret", ""),
        Deletion("serviceaccounts", "api/v1/namespaces/shop/serviceaccounts", "ServiceAccount", ""),
        Deletion("services", "api/v1/namespaces/shop/services", "Service", ""","spec":{"ports":[{"port":80}]}"""),
        Deletion(
            "persistentvolumeclaims",
            "api/v1/namespaces/shop/persistentvolumeclaims",
            "PersistentVolumeClaim",
            ""","spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}"""),
        Deletion("pods", "api/v1/namespaces/shop/pods", "Pod", ""","spec":{"containers":[{"name":"app","image":"busybox:1.36"}]}"""),
        .. new[] { "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet" }.Select(kind => new RbacScenario(
            "kubernetes:delete",
            kind,
            None,
            async rig =>
            {
                await Objects.CreateWorkloadAsync(rig, kind, "thing");
                return Audit($"{kind.ToLowerInvariant()}s");
            })),
        Deletion("jobs", "apis/batch/v1/namespaces/shop/jobs", "Job", $""","spec":{JobSpec}"""),
        Deletion(
            "cronjobs", "apis/batch/v1/namespaces/shop/cronjobs", "CronJob", $$$""","spec":{"schedule":"* * * * *","jobTemplate":{"spec":{{{JobSpec}}}}}"""),
        Deletion(
            "ingresses",
            "apis/networking.k8s.io/v1/namespaces/shop/ingresses",
            "Ingress",
            ""","spec":{"defaultBackend":{"service":{"name":"thing","port":{"number":80}}}}"""),
        Deletion("networkpolicies", "apis/networking.k8s.io/v1/namespaces/shop/networkpolicies", "NetworkPolicy", ""","spec":{"podSelector":{}}"""),
        Deletion("roles", "apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles", "Role", ""","rules":[]"""),
        Deletion("rolebindings", "apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings", "RoleBinding", RoleRef),
        Deletion("clusterroles", "apis/rbac.authorization.k8s.io/v1/clusterroles", "ClusterRole", ""","rules":[]"""),
        Deletion("clusterrolebindings", "apis/rbac.authorization.k8s.io/v1/clusterrolebindings", "ClusterRoleBinding", RoleRef),
    ];

    private static string JobSpec => """{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"app","image":"busybox:1.36"}]}}}""";

    private static string RoleRef => ""","roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},"subjects":[]""";

    public override string ToString() => $"{Actionner} on {Name}";

    /// <summary>An event that names the pod of the namespace shop by nothing but the id of its container, once it has one.</summary>
    public static async Task<FalcoEvent> ByContainerAsync(ActionnerRig rig)
    {
        string container = await Eventually.GetAsync(() => rig.Server.Store.List("pods", "shop")
            .Select(pod => (string?)pod.ToJson()["status"]?["containerStatuses"]?[0]?["containerID"])
            .FirstOrDefault(id => id is not null));
        return TestEvents.Create(
            "syscall", ActionnerRig.Later(), "node1", [("container.id", container.Split("://")[1][..12]), ("fd.rip", "203.0.113.7")]);
    }

    private static IEnumerable<RbacScenario> Counted(string actionner, ParameterMap parameters) =>
        new[] { "ReplicaSet", "StatefulSet", "DaemonSet" }.Select(kind => new RbacScenario(actionner, $"a pod of a {kind} that is counted", parameters, OwnedAsync(kind)));

    private static IEnumerable<RbacScenario> Policies(string actionner) =>
    [
        new(actionner, "a standalone pod", None, StandaloneAsync),
        new(actionner, "a Deployment", None, OwnedAsync("Deployment")),
        new(actionner, "a StatefulSet", None, OwnedAsync("StatefulSet")),
        new(actionner, "a DaemonSet", None, OwnedAsync("DaemonSet")),
        new(actionner, "a Job", None, JobAsync),
        new(actionner, "a CronJob", None, CronJobAsync),
        new(actionner, "a policy that is there", Texts().With("allow_cidr", new ParameterValue.List([new ParameterValue.Text("198.51.100.0/24")])), async rig =>
        {
            var about = await StandaloneAsync(rig);
            var first = await rig.RunAsAdministratorAsync(ActionnerRig.Request(actionner, about));
            Assert.True(first.Status == "success", first.ToString());
            return about;
        }),
    ];

    private static Task<FalcoEvent> StandaloneAsync(ActionnerRig rig)
    {
        rig.Server.Store.AddPod("shop", "cart-0", new PodSeed { Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "cart" } });
        return ByContainerAsync(rig);
    }

    private static Task<FalcoEvent> CapturedAsync(ActionnerRig rig)
    {
        rig.Server.Store.AddNamespace("captures");
        CaptureWork.AddPrograms(rig);
        return StandaloneAsync(rig);
    }

    private static Func<ActionnerRig, Task<FalcoEvent>> OwnedAsync(string kind) => async rig =>
    {
        await Objects.CreateWorkloadAsync(rig, kind, "cart");
        return await ByContainerAsync(rig);
    };

    private static async Task<FalcoEvent> JobAsync(ActionnerRig rig)
    {
        await Objects.CreateAsync(rig, "apis/batch/v1/namespaces/shop/jobs", $$"""{"metadata":{"name":"night"},"spec":{{JobSpec}}}""");
        return await ByContainerAsync(rig);
    }

    private static async Task<FalcoEvent> CronJobAsync(ActionnerRig rig)
    {
        var cron = await Objects.CreateAsync(
            rig,
            "apis/batch/v1/namespaces/shop/cronjobs",
            $$$$"""{"metadata":{"name":"nightly"},"spec":{"schedule":"0 3 * * *","jobTemplate":{"spec":{{{{JobSpec}}}}}}}""");
        string owner = new JsonObject
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "CronJob",
            ["name"] = "nightly",
            ["uid"] = (string)cron["metadata"]!["uid"]!,
            ["controller"] = true,
        }.ToJsonString();
        await Objects.CreateAsync(
            rig, "apis/batch/v1/namespaces/shop/jobs", $$"""{"metadata":{"name":"nightly-1","ownerReferences":[{{owner}}]},"spec":{{JobSpec}}}""");
        return await ByContainerAsync(rig);
    }

    private static RbacScenario Deletion(string resource, string path, string kind, string rest) => new(
        "kubernetes:delete",
        resource,
        None,
        async rig =>
        {
            await Objects.CreateAsync(rig, path, $$$"""{"kind":"{{{kind}}}","metadata":{"name":"thing"}{{{rest}}}}""");
            return Audit(resource);
        });

    private static FalcoEvent Audit(string resource) => TestEvents.Audit(
        ActionnerRig.Later(), ("ka.target.resource", resource), ("ka.target.name", "thing"), ("ka.target.namespace", "shop"));

    private static ParameterMap Texts(params (string Name, string Value)[] values) => ParameterMap.From(
        values.Select(value => new KeyValuePair<string, ParameterValue>(value.Name, new ParameterValue.Text(value.Value))));

    private static ParameterMap Map(string name) => ParameterMap.From([new(name, new ParameterValue.Map(Texts(("seen", "yes"))))]);
}
