using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:delete</c> does on any cluster.</summary>
public abstract class DeleteSpec(ClusterRig rig)
{
    private const string Delete = "Delete";
    private const string Core = "/api/v1";
    private const string Apps = "/apis/apps/v1";
    private const string Batch = "/apis/batch/v1";
    private const string Networking = "/apis/networking.k8s.io/v1";
    private const string Rights = "/apis/rbac.authorization.k8s.io/v1";
    private const string Template = """{"metadata":{"labels":{"app":"thing"}},"spec":{"containers":[{"name":"main","image":"registry.k8s.io/pause:3.10"}]}}""";
    private const string Task = """{"suspend":true,"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"main","image":"registry.k8s.io/pause:3.10"}]}}}""";
    private const string Selector = """{"matchLabels":{"app":"thing"}}""";
    private const string RoleRef = ""","roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},"subjects":[]""";

    internal static ActionnerRow Row => new("kubernetes:delete") { Verb = "delete", Resource = "configmaps", GoneIsFine = true };

    [ClusterTheory]
    [InlineData(Core, "configmaps", "")]
    [InlineData(Core, "persistentvolumeclaims", ""","spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Mi"}}}""")]
    [InlineData(Core, "pods", ""","spec":{"containers":[{"name":"main","image":"registry.k8s.io/pause:3.10"}]}""")]
    [InlineData(Core, "secrets", "")]
    [InlineData(Core, "serviceaccounts", "")]
    [InlineData(Core, "services", ""","spec":{"ports":[{"port":80}]}""")]
    [InlineData(Apps, "daemonsets", $$""","spec":{"selector":{{Selector}},"template":{{Template}}}""")]
    [InlineData(Apps, "deployments", $$""","spec":{"replicas":0,"selector":{{Selector}},"template":{{Template}}}""")]
    [InlineData(Apps, "replicasets", $$""","spec":{"replicas":0,"selector":{{Selector}},"template":{{Template}}}""")]
    [InlineData(Apps, "statefulsets", $$""","spec":{"replicas":0,"serviceName":"thing","selector":{{Selector}},"template":{{Template}}}""")]
    [InlineData(Batch, "cronjobs", $$$""","spec":{"schedule":"0 3 1 1 *","suspend":true,"jobTemplate":{"spec":{{{Task}}}}}""")]
    [InlineData(Batch, "jobs", $$""","spec":{{Task}}""")]
    [InlineData(Networking, "ingresses", ""","spec":{"defaultBackend":{"service":{"name":"thing","port":{"number":80}}}}""")]
    [InlineData(Networking, "networkpolicies", ""","spec":{"podSelector":{}}""")]
    [InlineData(Rights, "rolebindings", RoleRef)]
    [InlineData(Rights, "roles", ""","rules":[]""")]
    public async Task Run_ObjectOfANamespace_IsDeletedByItsUid(string api, string resource, string rest)
    {
        string path = $"{api}/namespaces/{rig.Namespace}/{resource}";
        var made = await CreateAsync(path, "thing", rest);
        await RunAsync(resource, "thing", rig.Namespace, $"{path}/thing", made);
    }

    [ClusterTheory]
    [InlineData(Core, "namespaces", "")]
    [InlineData(Rights, "clusterroles", ""","rules":[]""")]
    [InlineData(Rights, "clusterrolebindings", RoleRef)]
    public async Task Run_ObjectOfNoNamespace_IsDeletedByItsUid(string api, string resource, string rest)
    {
        string name = $"{rig.Namespace}-{resource}";
        var made = await CreateAsync($"{api}/{resource}", name, rest);
        await RunAsync(resource, name, null, $"{api}/{resource}/{name}", made);
    }

    [ClusterTheory]
    [InlineData("kube-system", "the namespace kube-system is protected")]
    [InlineData(null, "is Talon's own and protected")]
    public async Task Run_ProtectedNamespace_IsIgnoredWithoutAWrite(string? ns, string reason)
    {
        var outcome = await rig.OutcomeAsync(await rig.PostAuditAsync(Delete, "configmaps", "kube-root-ca.crt", ns ?? rig.OwnNamespace));
        Assert.Equal("ignored", outcome.Status);
        Assert.Contains(reason, outcome.Result, StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Requests, r => r.Verb == "delete" && r.Namespace == (ns ?? rig.OwnNamespace));
    }

    [ClusterFact]
    public async Task Run_LabelOfTalon_KeepsNothing()
    {
        string path = $"{Core}/namespaces/{rig.Namespace}/configmaps";
        await rig.SendAsync(HttpMethod.Post, path, JsonNode.Parse("""{"metadata":{"name":"own","labels":{"app.kubernetes.io/part-of":"talon"}}}""")!.AsObject());
        var outcome = await rig.OutcomeAsync(await rig.PostAuditAsync(Delete, "configmaps", "own", rig.Namespace));
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Null(await rig.SendAsync(HttpMethod.Get, $"{path}/own"));
    }

    [ClusterFact]
    public async Task Run_RoleOfKubernetesItself_IsIgnored()
    {
        var outcome = await rig.OutcomeAsync(await rig.PostAuditAsync(Delete, "clusterroles", "cluster-admin", null));
        Assert.Equal(("ignored", "the ClusterRole cluster-admin belongs to Kubernetes itself and is protected"), (outcome.Status, outcome.Result));
        Assert.DoesNotContain(rig.Requests, r => r is { Resource: "clusterroles", Name: "cluster-admin" });
    }

    [ClusterFact]
    public async Task Run_ObjectIsTerminating_IsIgnored()
    {
        string path = $"{Core}/namespaces/{rig.Namespace}/configmaps";
        await rig.SendAsync(HttpMethod.Post, path, JsonNode.Parse("""{"metadata":{"name":"held","finalizers":["talon-e2e/hold"]}}""")!.AsObject());
        await rig.SendAsync(HttpMethod.Delete, $"{path}/held");
        try
        {
            var outcome = await rig.OutcomeAsync(await rig.PostAuditAsync(Delete, "configmaps", "held", rig.Namespace));
            Assert.Equal(("ignored", "terminating"), (outcome.Status, outcome.Result));
            Assert.DoesNotContain(rig.Requests, r => r is { Verb: "delete", Name: "held" });
        }
        finally
        {
            await rig.Client.CoreV1.PatchNamespacedConfigMapAsync(
                new V1Patch("""{"metadata":{"finalizers":null}}""", V1Patch.PatchType.MergePatch), "held", rig.Namespace);
        }
    }

    [ClusterTheory]
    [InlineData("nodes", "which this actionner does not delete")]
    [InlineData("../secrets", "which this actionner does not delete")]
    public async Task Run_OtherResource_FailsAndSendsNothing(string resource, string reason)
    {
        long before = rig.Requests is [.., var last] ? last.Number : 0;
        var outcome = await rig.OutcomeAsync(await rig.PostAuditAsync(Delete, resource, "thing", rig.Namespace));
        Assert.Equal(("failure", "invalid"), (outcome.Status, outcome.Result));
        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Requests, r => r.Number > before && r.Resource is not null);
    }

    private Task<JsonObject?> CreateAsync(string path, string name, string rest) =>
        rig.SendAsync(HttpMethod.Post, path, JsonNode.Parse($$"""{"metadata":{"name":"{{name}}"}{{rest}}}""")!.AsObject());

    private async Task RunAsync(string resource, string name, string? ns, string path, JsonObject? made)
    {
        string uid = (string)made!["metadata"]!["uid"]!;
        var outcome = await rig.OutcomeAsync(await rig.PostAuditAsync(Delete, resource, name, ns));
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Contains(uid, outcome["output"], StringComparison.Ordinal);
        Assert.Contains(resource, outcome["objects"], StringComparison.Ordinal);
        var delete = Assert.Single(rig.Requests, r => r.Verb == "delete" && r.Path == path);
        Assert.Equal(uid, (string?)JsonNode.Parse(delete.Body)!["preconditions"]!["uid"]);
        var now = await rig.SendAsync(HttpMethod.Get, path);
        Assert.True(now?["metadata"]!["deletionTimestamp"] is not null || (string?)now?["metadata"]!["uid"] != uid, now?.ToJsonString());
    }

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = SpecRules.Of(Delete, "kubernetes:delete");
    }
}

public sealed class DeleteOnStandInTests(StandInRig<DeleteSpec.RuleSet> rig)
    : DeleteSpec(rig), IClassFixture<StandInRig<DeleteSpec.RuleSet>>;

public sealed class DeleteOnRealClusterTests(RealClusterRig<DeleteSpec.RuleSet> rig)
    : DeleteSpec(rig), IClassFixture<RealClusterRig<DeleteSpec.RuleSet>>;
