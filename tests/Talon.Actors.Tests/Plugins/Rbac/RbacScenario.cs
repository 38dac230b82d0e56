using System.Reflection;
using System.Text.Json.Nodes;
using Talon.Actors.Tests.Actionners;
using Talon.Actors.Tests.Actionners.Captures;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Events;

namespace Talon.Actors.Tests.Plugins.Rbac;

/// <summary>A way to use an actionner. Pods are found by their container id alone, the way that needs most rights.</summary>
/// <param name="Actionner">The full name.</param>
/// <param name="Name">What is special about it.</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="SetUpAsync">Makes the objects and the event.</param>
internal sealed record RbacScenario(string Actionner, string Name, ParameterMap Parameters, Func<ActionnerRig, Task<FalcoEvent>> SetUpAsync)
{
    /// <summary>Those of all actionners: each stands as <c>RbacScenarios</c> with the tests of its actionner.</summary>
    public static IReadOnlyList<RbacScenario> All { get; } =
    [
        .. typeof(RbacScenario).Assembly.GetTypes()
            .Select(type => type.GetProperty("RbacScenarios", BindingFlags.Static | BindingFlags.NonPublic))
            .OfType<PropertyInfo>()
            .SelectMany(scenarios => (IEnumerable<RbacScenario>)scenarios.GetValue(null)!),
    ];

    public static string JobSpec => """{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"app","image":"busybox:1.36"}]}}}""";

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

    public static IEnumerable<RbacScenario> Counted(string actionner, ParameterMap parameters) =>
        new[] { "ReplicaSet", "StatefulSet", "DaemonSet" }.Select(kind => new RbacScenario(actionner, $"a pod of a {kind} that is counted", parameters, OwnedAsync(kind)));

    public static IEnumerable<RbacScenario> Policies(string actionner) =>
    [
        new(actionner, "a standalone pod", ParameterMap.Empty, StandaloneAsync),
        new(actionner, "a Deployment", ParameterMap.Empty, OwnedAsync("Deployment")),
        new(actionner, "a StatefulSet", ParameterMap.Empty, OwnedAsync("StatefulSet")),
        new(actionner, "a DaemonSet", ParameterMap.Empty, OwnedAsync("DaemonSet")),
        new(actionner, "a Job", ParameterMap.Empty, JobAsync),
        new(actionner, "a CronJob", ParameterMap.Empty, CronJobAsync),
        new(actionner, "a policy that is there", Texts().With("allow_cidr", new ParameterValue.List([new ParameterValue.Text("198.51.100.0/24")])), async rig =>
        {
            var about = await StandaloneAsync(rig);
            var first = await rig.RunAsAdministratorAsync(ActionnerRig.Request(actionner, about));
            Assert.True(first.Status == "success", first.ToString());
            return about;
        }),
    ];

    public static Task<FalcoEvent> StandaloneAsync(ActionnerRig rig)
    {
        rig.Server.Store.AddPod("shop", "cart-0", new PodSeed { Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "cart" } });
        return ByContainerAsync(rig);
    }

    public static Task<FalcoEvent> CapturedAsync(ActionnerRig rig)
    {
        rig.Server.Store.AddNamespace("captures");
        CaptureWork.AddPrograms(rig);
        return StandaloneAsync(rig);
    }

    public static Func<ActionnerRig, Task<FalcoEvent>> OwnedAsync(string kind) => async rig =>
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

    public static ParameterMap Texts(params (string Name, string Value)[] values) => ParameterMap.From(
        values.Select(value => new KeyValuePair<string, ParameterValue>(value.Name, new ParameterValue.Text(value.Value))));

    public static ParameterMap Map(string name) => ParameterMap.From([new(name, new ParameterValue.Map(Texts(("seen", "yes"))))]);
}
