using System.Text.Json.Nodes;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Plugins.Rbac;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Removal.Delete;

public sealed class DeleteActionnerTests
{
    private const string Name = "kubernetes:delete";
    private const string RbacPath = "apis/rbac.authorization.k8s.io/v1";

    internal static IEnumerable<RbacScenario> RbacScenarios =>
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
            ParameterMap.Empty,
            async rig =>
            {
                await Objects.CreateWorkloadAsync(rig, kind, "thing");
                return Audit($"{kind.ToLowerInvariant()}s");
            })),
        Deletion("jobs", "apis/batch/v1/namespaces/shop/jobs", "Job", $""","spec":{RbacScenario.JobSpec}"""),
        Deletion(
            "cronjobs", "apis/batch/v1/namespaces/shop/cronjobs", "CronJob", $$$""","spec":{"schedule":"* * * * *","jobTemplate":{"spec":{{{RbacScenario.JobSpec}}}}}"""),
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

    public static TheoryData<string> Kinds => [.. RbacScenarios.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Run_EachKind_IsDeletedByItsUidInTheBackground(string kind)
    {
        await using var rig = await ActionnerRig.StartAsync();
        var scenario = RbacScenarios.Single(scenario => scenario.Name == kind);
        var request = ActionnerRig.Request(Name, await scenario.SetUpAsync(rig));

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(request));

        var write = Assert.Single(rig.Writes);
        Assert.Equal(("DELETE", "thing", request.Event.TargetResource), (write.Method, write.Name, write.Resource));
        var body = JsonNode.Parse(write.Body)!;
        Assert.Equal("Background", (string?)body["propagationPolicy"]);
        string uid = (string)body["preconditions"]!["uid"]!;
        Assert.Contains($"was deleted (uid {uid})", succeeded.Output, StringComparison.Ordinal);
        Assert.Equal(1, rig.Server.Effects.CountFor(uid));
        Assert.Equal("thing", succeeded.Objects["name"]);
        Assert.Equal(request.Event.TargetResource, succeeded.Objects["resource"]);
        Assert.Equal(!request.Event.TargetResource!.StartsWith("cluster", StringComparison.Ordinal) && request.Event.TargetResource != "namespaces",
            succeeded.Objects.ContainsKey("namespace"));
    }

    [Theory]
    [InlineData("clusterroles", "a:B_c.d")]
    [InlineData("roles", "shop:reader")]
    public async Task Run_NameOfRbacWithAColon_IsDeleted(string resource, string name)
    {
        await using var rig = await ActionnerRig.StartAsync();
        string path = resource == "roles" ? $"{RbacPath}/namespaces/shop/roles" : $"{RbacPath}/{resource}";
        await Objects.CreateAsync(rig, path, $$"""{"metadata":{"name":"{{name}}"},"rules":[]}""");

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request(resource, name)));

        Assert.Null(rig.Server.Store.Find($"{resource}.rbac.authorization.k8s.io", resource == "roles" ? "shop" : null, name));
    }

    [Fact]
    public async Task Run_Missing_IsIgnoredAsAlreadyGone()
    {
        await using var rig = await ActionnerRig.StartAsync();

        Assert.Equal("already gone", Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request("configmaps", "settings"))).Reason);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_ObjectYoungerThanTheEvent_IsLeftAlone()
    {
        await using var rig = await ActionnerRig.StartAsync();
        await CreateConfigMapAsync(rig);
        var old = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1);

        var outcome = await rig.RunAsync(Request("configmaps", "settings", time: old));

        Assert.StartsWith("ConfigMap was replaced since the event", Assert.IsType<ActionOutcome.Ignored>(outcome).Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    [Theory]
    [InlineData(-5, 0, "the event is of")]
    [InlineData(3600, -60, "the event came at")]
    [InlineData(null, -60, "the event came at")]
    public async Task Run_ObjectOfTheNameMadeAfterTheEvent_IsLeftAlone(int? eventSeconds, int arrivalSeconds, string reason)
    {
        await using var rig = await ActionnerRig.StartAsync();
        await CreateConfigMapAsync(rig);
        var now = TimeProvider.System.GetUtcNow();
        var happened = eventSeconds is { } seconds ? now.AddSeconds(seconds) : DateTimeOffset.MinValue;
        var request = Request("configmaps", "settings", time: happened) with { AcceptedAt = now.AddSeconds(arrivalSeconds) };

        var outcome = await rig.RunAsync(request);

        Assert.Contains(reason, Assert.IsType<ActionOutcome.Ignored>(outcome).Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    [Theory]
    [InlineData(0, -10)]
    [InlineData(3600, -10)]
    public async Task Run_ObjectThatTheEventMade_IsDeleted(int eventSeconds, int arrivalSeconds)
    {
        await using var rig = await ActionnerRig.StartAsync();
        await CreateConfigMapAsync(rig);
        var now = TimeProvider.System.GetUtcNow();

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(
            Request("configmaps", "settings", time: now.AddSeconds(eventSeconds)) with { AcceptedAt = now.AddSeconds(arrivalSeconds) }));
    }

    [Fact]
    public async Task Run_ReplacedBetweenReadAndWrite_IsLeftAlone()
    {
        await using var rig = await ActionnerRig.StartAsync();
        await CreateConfigMapAsync(rig);
        var request = Request("configmaps", "settings");
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(request, ActionnerRig.Scope()));
        rig.Server.Store.Remove("configmaps", "shop", "settings");
        await CreateConfigMapAsync(rig);

        var outcome = await rig.Find(Name).RunAsync(request, ready, ActionnerRig.Scope());

        Assert.Equal("ConfigMap was replaced since the event", Assert.IsType<ActionOutcome.Ignored>(outcome).Reason);
        Assert.NotNull(rig.Server.Store.Find("configmaps", "shop", "settings"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_GoneOrReplacedAfterAnOwnStart_IsSuccessWithoutAWrite(bool replaced)
    {
        await using var rig = await ActionnerRig.StartAsync();
        if (replaced)
        {
            await CreateConfigMapAsync(rig);
        }

        var outcome = await rig.RunAsync(Request("configmaps", "settings") with { EarlierTarget = new TargetRef("ConfigMap", "shop", "settings", "old-uid") });

        Assert.Contains("by an earlier attempt (uid old-uid)", Assert.IsType<ActionOutcome.Succeeded>(outcome).Output, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_AnswerLost_TheNextAttemptMakesItOneEffect()
    {
        await using var rig = await ActionnerRig.StartAsync();
        string uid = await CreateConfigMapAsync(rig);
        rig.Server.Faults.Add(FaultRule.Of(FaultKind.ResetAfterEffect, 1, "delete"));
        var request = Request("configmaps", "settings");

        Assert.Equal(FailureKind.ConnectionLost, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(request)).Kind);
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(request with { EarlierTarget = new TargetRef("ConfigMap", "shop", "settings", uid) }));

        Assert.Equal(1, rig.Server.Effects.CountFor(uid));
    }

    [Theory]
    [InlineData("configmaps", "kube-root-ca.crt", "kube-system")]
    [InlineData("pods", "falco", "kube-public")]
    [InlineData("secrets", "tls", "talon")]
    [InlineData("namespaces", "kube-system", "kube-system")]
    [InlineData("namespaces", "kube-node-lease", null)]
    [InlineData("namespaces", "talon", null)]
    [InlineData("clusterroles", "cluster-admin", null)]
    [InlineData("clusterroles", "edit", null)]
    [InlineData("clusterroles", "system:aggregate-to-edit", null)]
    [InlineData("clusterrolebindings", "system:discovery", null)]
    [InlineData("clusterrolebindings", "cluster-admin", null)]
    public async Task Run_Protected_IsIgnoredBeforeAnyRequest(string resource, string name, string? inside)
    {
        await using var rig = await ActionnerRig.StartAsync();

        var outcome = await rig.RunAsync(Request(resource, name, inside));

        Assert.Contains("protected", Assert.IsType<ActionOutcome.Ignored>(outcome).Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Server.Requests.All);
    }

    [Theory]
    [InlineData("system:node", "belongs to Kubernetes itself")]
    [InlineData("system:controller:job-controller", "belongs to Kubernetes itself")]
    [InlineData("falco-talon", "is part of Talon")]
    public async Task Run_RoleOfTalonOrOfKubernetes_IsIgnored(string name, string reason)
    {
        await using var rig = await ActionnerRig.StartAsync();
        await Objects.CreateAsync(rig, $"{RbacPath}/clusterroles", $$$"""{"metadata":{"name":"{{{name}}}"},"rules":[]}""");

        Assert.Contains(reason, Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request("clusterroles", name))).Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    [Theory]
    [InlineData("system:kube-dns", "{\"kind\":\"ServiceAccount\",\"name\":\"kube-dns\",\"namespace\":\"kube-system\"}", "belongs to Kubernetes itself")]
    [InlineData("system:kube-scheduler", "{\"kind\":\"User\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"system:kube-scheduler\"}", "belongs to Kubernetes itself")]
    [InlineData("system:node", "", "belongs to Kubernetes itself")]
    [InlineData("any-name", "{\"kind\":\"ServiceAccount\",\"name\":\"falco-talon\",\"namespace\":\"talon\"}", "is part of Talon")]
    public async Task Run_BindingThatGivesRightsToThemAlone_IsIgnored(string name, string subjects, string reason)
    {
        await using var rig = await ActionnerRig.StartAsync();
        await CreateBindingAsync(rig, name, subjects);

        Assert.Contains(reason, Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request("clusterrolebindings", name))).Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    /// <summary>Who makes an object chooses its name and its labels: neither keeps it.</summary>
    [Theory]
    [InlineData("system:evil", "{\"kind\":\"Group\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"system:authenticated\"}")]
    [InlineData("system:evil", "{\"kind\":\"ServiceAccount\",\"name\":\"evil\",\"namespace\":\"shop\"}")]
    [InlineData("falco-talon", "{\"kind\":\"ServiceAccount\",\"name\":\"evil\",\"namespace\":\"shop\"}")]
    [InlineData("evil", "{\"kind\":\"ServiceAccount\",\"name\":\"talon\",\"namespace\":\"talon\"},{\"kind\":\"ServiceAccount\",\"name\":\"evil\",\"namespace\":\"shop\"}")]
    [InlineData("evil", "")]
    public async Task Run_BindingThatGivesRightsToOthers_IsDeletedWhateverItsNameAndLabels(string name, string subjects)
    {
        await using var rig = await ActionnerRig.StartAsync();
        await CreateBindingAsync(rig, name, subjects);

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request("clusterrolebindings", name)));

        Assert.Null(rig.Server.Store.Find("clusterrolebindings", null, name));
    }

    [Fact]
    public async Task Run_RoleThatIsAddedToOthers_IsDeletedWhateverItsName()
    {
        await using var rig = await ActionnerRig.StartAsync();
        await Objects.CreateAsync(
            rig, $"{RbacPath}/clusterroles", """{"metadata":{"name":"system:evil","labels":{"rbac.authorization.k8s.io/aggregate-to-view":"true"}},"rules":[]}""");

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request("clusterroles", "system:evil")));
    }

    [Theory]
    [InlineData("app.kubernetes.io/name", "falco-talon")]
    [InlineData("app.kubernetes.io/part-of", "talon")]
    [InlineData("app.kubernetes.io/managed-by", "talon")]
    public async Task Run_LabelOfTalonOnAnObjectOfAnother_DoesNotKeepIt(string label, string value)
    {
        await using var rig = await ActionnerRig.StartAsync();
        await Objects.CreateAsync(rig, "api/v1/namespaces/shop/configmaps", $$$"""{"metadata":{"name":"settings","labels":{"{{{label}}}":"{{{value}}}"} } }""");

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request("configmaps", "settings")));
    }

    /// <summary>The kubelet would make it again at once, and its containers would not even have stopped.</summary>
    [Fact]
    public async Task Run_MirrorPod_IsAFailureAndNotASuccessWithoutEffect()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "static-node1", new PodSeed { IsMirror = true });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request("pods", "static-node1")));

        Assert.Equal(FailureKind.Invalid, failed.Kind);
        Assert.Contains("mirrors a static pod", failed.Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("/")]
    [InlineData("a/b")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("a%2fb")]
    [InlineData("../../nodes/node1")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    public async Task Run_HostileName_NeverReachesAUrl(string text)
    {
        await using var rig = await ActionnerRig.StartAsync();

        foreach (string resource in new[] { "configmaps", "clusterroles", "roles", "namespaces" })
        {
            Assert.Equal(FailureKind.Invalid, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request(resource, text))).Kind);
            Assert.Equal(FailureKind.Invalid, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request(resource, new string('a', 300)))).Kind);
        }

        Assert.Equal(FailureKind.Invalid, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request("configmaps", "settings", text))).Kind);
        Assert.Empty(rig.Server.Requests.All);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nodes")]
    [InlineData("pods/exec")]
    [InlineData("../pods")]
    public async Task Run_ResourceThatIsNotDeleted_IsAFailureThatSaysWhichAre(string? resource)
    {
        await using var rig = await ActionnerRig.StartAsync();

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request(resource, "thing")));

        Assert.Equal(FailureKind.Invalid, failed.Kind);
        Assert.Contains(string.IsNullOrEmpty(resource) ? "ka.target.resource" : "configmaps", failed.Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Server.Requests.All);
    }

    [Theory]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(409, FailureKind.Conflict)]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(500, FailureKind.ServerError)]
    public async Task Run_DeleteAnswered_IsAFailureOfItsKind(int status, FailureKind kind)
    {
        await using var rig = await ActionnerRig.StartAsync();
        await CreateConfigMapAsync(rig);
        rig.Server.Faults.Add(FaultRule.Answer(status, status == 409 ? null : 1, "delete"));

        Assert.Equal(kind, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request("configmaps", "settings"))).Kind);
        Assert.NotNull(rig.Server.Store.Find("configmaps", "shop", "settings"));
    }

    [Fact]
    public async Task Run_NoAnswer_EndsWithTheToken()
    {
        await using var rig = await ActionnerRig.StartAsync();
        await CreateConfigMapAsync(rig);
        rig.Server.Faults.Add(FaultRule.Delay(TimeSpan.FromMinutes(1), "delete"));
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        var outcome = await rig.RunAsync(Request("configmaps", "settings"), ActionnerRig.Scope(token: stop.Token)).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(FailureKind.Timeout, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
    }

    private static async Task<string> CreateConfigMapAsync(ActionnerRig rig) =>
        (string)(await Objects.CreateAsync(rig, "api/v1/namespaces/shop/configmaps", """{"metadata":{"name":"settings"}}"""))["metadata"]!["uid"]!;

    private static Task<JsonObject> CreateBindingAsync(ActionnerRig rig, string name, string subjects) => Objects.CreateAsync(
        rig,
        $"{RbacPath}/clusterrolebindings",
        $$$"""
        {"metadata":{"name":"{{{name}}}","labels":{"app.kubernetes.io/part-of":"talon","kubernetes.io/bootstrapping":"rbac-defaults"}},
         "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"},"subjects":[{{{subjects}}}]}
        """);

    private static ActionRequest Request(string? resource, string name, string? inside = "shop", DateTimeOffset? time = null)
    {
        FalcoEvent falcoEvent = TestEvents.Audit(
            time ?? ActionnerRig.Later(), ("ka.target.resource", resource), ("ka.target.name", name), ("ka.target.namespace", inside));
        return ActionnerRig.Request(Name, falcoEvent);
    }

    private static string RoleRef => ""","roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},"subjects":[]""";

    private static RbacScenario Deletion(string resource, string path, string kind, string rest) => new(
        "kubernetes:delete",
        resource,
        ParameterMap.Empty,
        async rig =>
        {
            await Objects.CreateAsync(rig, path, $$$"""{"kind":"{{{kind}}}","metadata":{"name":"thing"}{{{rest}}}}""");
            return Audit(resource);
        });

    private static FalcoEvent Audit(string resource) => TestEvents.Audit(
        ActionnerRig.Later(), ("ka.target.resource", resource), ("ka.target.name", "thing"), ("ka.target.namespace", "shop"));
}
