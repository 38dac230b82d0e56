using System.Text.Json.Nodes;
using Talon.Actors.Plugins;
using Talon.KubeApi;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Actionners.Policies;

/// <summary>Short ways to set up a workload and to put a network policy around it.</summary>
internal static class PolicyRig
{
    public const string Kubernetes = "kubernetes:networkpolicy";
    public const string Calico = "calico:networkpolicy";
    public const string Cilium = "cilium:networkpolicy";

    /// <summary>The address that events are about unless a test says another.</summary>
    public const string Address = "203.0.113.7";

    private const string JobSpec = """{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"app","image":"busybox:1.36"}]}}}""";

    public static IReadOnlyList<string> Names { get; } = [Kubernetes, Calico, Cilium];

    public static TheoryData<string> All => [.. Names];

    /// <summary>A rig with the Deployment cart and its one pod.</summary>
    public static async Task<ActionnerRig> StartAsync(KubeApiOptions? options = null, Func<HttpRequestMessage, Task>? before = null)
    {
        var rig = await ActionnerRig.StartAsync(options, before is null ? null : [() => new Interposer(before)]);
        await Objects.CreateWorkloadAsync(rig, "Deployment", "cart");
        return rig;
    }

    /// <summary>The resource an actionner writes, as the stand-in names it.</summary>
    public static string Resource(string actionner) => actionner switch
    {
        Calico => "networkpolicies.projectcalico.org",
        Cilium => "ciliumnetworkpolicies",
        _ => "networkpolicies",
    };

    /// <summary>The path of its collection in the namespace shop.</summary>
    public static string Path(string actionner) => actionner switch
    {
        Calico => "apis/projectcalico.org/v3/namespaces/shop/networkpolicies",
        Cilium => "apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies",
        _ => "apis/networking.k8s.io/v1/namespaces/shop/networkpolicies",
    };

    /// <summary>A request about the one pod of the namespace shop.</summary>
    public static ActionRequest Request(this ActionnerRig rig, string actionner, string address = Address, string parameters = "{}") =>
        RequestFor(Objects.Pod(rig), actionner, address, parameters);

    public static ActionRequest RequestFor(string pod, string actionner, string address = Address, string parameters = "{}") => ActionnerRig.Request(
        actionner,
        TestEvents.Syscall(ActionnerRig.Later(), ("k8s.ns.name", "shop"), ("k8s.pod.name", pod), ("fd.rip", address)),
        Parameters(parameters));

    /// <summary>Another policy in the namespace shop.</summary>
    /// <param name="rig">The rig.</param>
    /// <param name="actionner">Whose kind of policy.</param>
    /// <param name="name">Its name.</param>
    /// <param name="spec">Its spec, as JSON.</param>
    /// <param name="metadata">More of its metadata: further members of a JSON object, each with a comma in front.</param>
    public static Task<JsonObject> AddPolicyAsync(this ActionnerRig rig, string actionner, string name, string spec, string metadata = "")
    {
        string head = actionner switch
        {
            Calico => """ "apiVersion":"projectcalico.org/v3","kind":"NetworkPolicy" """,
            Cilium => """ "apiVersion":"cilium.io/v2","kind":"CiliumNetworkPolicy" """,
            _ => """ "apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy" """,
        };
        return Objects.CreateAsync(rig, Path(actionner), $$$"""{ {{{head}}},"metadata":{"name":"{{{name}}}"{{{metadata}}} },"spec":{{{spec}}} }""");
    }

    /// <summary>A Job in the namespace shop, once it has its pod.</summary>
    public static async Task<JsonObject> AddJobAsync(ActionnerRig rig, string name, JsonObject? cronJob = null)
    {
        string owners = cronJob is null ? "" : $",\"ownerReferences\":[{Reference(cronJob)}]";
        var job = await Objects.CreateAsync(
            rig, "apis/batch/v1/namespaces/shop/jobs", $$$"""{"metadata":{"name":"{{{name}}}"{{{owners}}}},"spec":{{{JobSpec}}}}""");
        await Eventually.TrueAsync(() => rig.Server.Store.List("pods", "shop").Count > 0);
        return job;
    }

    public static Task<JsonObject> AddCronJobAsync(ActionnerRig rig, string name) => Objects.CreateAsync(
        rig,
        "apis/batch/v1/namespaces/shop/cronjobs",
        $$$$"""{"metadata":{"name":"{{{{name}}}}"},"spec":{"schedule":"0 3 * * *","jobTemplate":{"spec":{{{{JobSpec}}}}}}}""");

    /// <summary>The spec of the last policy that was sent.</summary>
    public static JsonNode Sent(ActionnerRig rig) => JsonNode.Parse(rig.Writes[^1].Body)!["spec"]!;

    /// <summary>Compares JSON; the order of members is of no account.</summary>
    public static void AssertJson(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nbut was  {actual?.ToJsonString()}");

    private static ParameterMap Parameters(string json) => Parameters(JsonNode.Parse(json)!.AsObject());

    private static ParameterMap Parameters(JsonObject map) => ParameterMap.From(
        map.Select(entry => new KeyValuePair<string, ParameterValue>(entry.Key, Value(entry.Value!))));

    private static ParameterValue Value(JsonNode node) => node switch
    {
        JsonObject map => new ParameterValue.Map(Parameters(map)),
        JsonArray list => new ParameterValue.List([.. list.Select(item => Value(item!))]),
        JsonValue value when value.TryGetValue(out bool flag) => new ParameterValue.Flag(flag),
        JsonValue value when value.TryGetValue(out long whole) => new ParameterValue.Whole(whole),
        _ => new ParameterValue.Text((string)node!),
    };

    private static string Reference(JsonObject owner) => new JsonObject
    {
        ["apiVersion"] = "batch/v1",
        ["kind"] = "CronJob",
        ["name"] = (string)owner["metadata"]!["name"]!,
        ["uid"] = (string)owner["metadata"]!["uid"]!,
        ["controller"] = true,
    }.ToJsonString();
}
