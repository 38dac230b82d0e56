using System.Net;
using System.Text.Json.Nodes;
using Talon.Actors.Clients.Kubernetes;

namespace Talon.Actors.Actionners.Policies.Cilium;

/// <summary>
/// CiliumNetworkPolicy: the addresses are in <c>egressDeny</c>, which takes precedence over <c>egress</c> of any policy. In Cilium a
/// range of addresses never matches a pod: everything is therefore allowed as the entity <c>all</c>, and the address of a pod cannot
/// be denied this way.
/// </summary>
internal sealed class CiliumPolicyForm(IPNetwork denied, EgressAllowances allowances) : IPolicyForm
{
    private const string Source = "k8s:";
    private const string NamespaceLabel = "io.kubernetes.pod.namespace";

    public ResourceType Type => ResourceTypes.CiliumNetworkPolicies;

    public string NotServed => "are Cilium and its CustomResourceDefinitions installed?";

    public bool DotsInNames => true;

    // The name that the original Talon uses.
    public string ObjectKey => "NetworkPolicy";

    public string Already => "already denied";

    public string Effect => $"egress to {denied} is denied, {(allowances.All ? "other egress is allowed" : $"and of the rest its pods may reach {allowances.Describe()}")}";

    public string? Write(JsonObject policy, PodSelection selection)
    {
        if (policy.ItemsAt("specs").Any())
        {
            return "it has specs beside its spec, which Talon does not write; move them into a policy of their own";
        }

        var spec = policy.Map("spec");
        var stored = spec.ItemsAt("egressDeny").ToList();
        var foreign = stored.Where(rule => rule is not null && Ranges(rule) is null).Select(rule => rule!.DeepClone()).ToList();
        var ranges = DenyList.Sort(stored.SelectMany(rule => Ranges(rule) ?? []).Append(denied));
        if (DenyList.Check(ranges) is { } problem)
        {
            return problem;
        }

        spec["description"] = "Kept by Talon for a workload that an event was about.";
        spec["endpointSelector"] = selection.ToJson(Source);

        // It could switch off the default deny.
        (spec["enableDefaultDeny"] as JsonObject)?.Remove("egress");
        spec["egressDeny"] = new JsonArray([Cidrs(ranges), .. foreign]);
        spec["egress"] = new JsonArray([.. Allowed()]);
        return null;
    }

    public string? Beside(IEnumerable<JsonObject> others, string name, Workload workload)
    {
        string[] names =
        [
            .. others.Where(other => Specs(other).Any(spec => spec.ItemsAt("egress").Any() && Selects(spec, workload)))
                .Select(other => other.TextAt("metadata", "name")!),
        ];
        return names.Length == 0 ? null
            : allowances.All ? $"other policies select the pods, and what they did not allow is allowed now: {PolicyNames.Few(names)}"
            : $"other policies select the pods and may still let other traffic through: {PolicyNames.Few(names)}";
    }

    private static IEnumerable<JsonNode?> Specs(JsonObject policy) => policy.ItemsAt("specs").Append(policy.At("spec")).Where(spec => spec is not null);

    private static bool Selects(JsonNode? spec, Workload workload)
    {
        var labels = new Dictionary<string, string>(workload.PodLabels, StringComparer.Ordinal) { [NamespaceLabel] = workload.Namespace.Value };
        return LabelTerms.Hold(spec.At("endpointSelector"), labels, Meant);
    }

    // k8s:app and any:app mean the label app. Labels that Cilium itself gives a pod are not known here, but for its namespace.
    private static string? Meant(string key)
    {
        int colon = key.IndexOf(':', StringComparison.Ordinal);
        string name = key[(colon + 1)..];
        bool known = colon < 0 || key[..colon] is "k8s" or "any";
        bool ofCilium = name.StartsWith("io.cilium.", StringComparison.Ordinal) || (name.StartsWith("io.kubernetes.", StringComparison.Ordinal) && name != NamespaceLabel);
        return known && !ofCilium ? name : null;
    }

    // The ranges of a rule exactly as Talon writes it; null for any other rule.
    private static IEnumerable<IPNetwork>? Ranges(JsonNode? rule)
    {
        var copy = JsonShape.Compact(rule) as JsonObject;
        return copy is { Count: 1 } && copy["toCIDR"] is JsonArray ? DenyList.Read(copy.ItemsAt("toCIDR").Select(range => range.Text())) : null;
    }

    private static JsonObject Cidrs(IEnumerable<IPNetwork> ranges) =>
        new() { ["toCIDR"] = new JsonArray([.. ranges.Select(range => (JsonNode)range.ToString())]) };

    private static JsonObject Endpoints(IEnumerable<string> namespaces) => new()
    {
        ["toEndpoints"] = new JsonArray(new JsonObject
        {
            ["matchExpressions"] = new JsonArray(new JsonObject
            {
                ["key"] = Source + NamespaceLabel,
                ["operator"] = "In",
                ["values"] = new JsonArray([.. namespaces.Select(name => (JsonNode)name)]),
            }),
        }),
    };

    private static JsonObject Port(string protocol) => new() { ["port"] = $"{EgressAllowances.DnsPort}", ["protocol"] = protocol };

    private IEnumerable<JsonNode> Allowed()
    {
        if (allowances.All)
        {
            yield return new JsonObject { ["toEntities"] = new JsonArray("all") };
            yield break;
        }

        bool none = true;
        if (!allowances.Networks.IsEmpty)
        {
            none = false;
            yield return Cidrs(allowances.Networks);
        }

        if (!allowances.Namespaces.IsEmpty)
        {
            none = false;
            yield return Endpoints(allowances.Namespaces.Select(name => name.Value).Order(StringComparer.Ordinal));
        }

        if (allowances.Dns)
        {
            none = false;
            var dns = Endpoints([EgressAllowances.DnsNamespace]);
            dns["toPorts"] = new JsonArray(new JsonObject { ["ports"] = new JsonArray(Port("UDP"), Port("TCP")) });
            yield return dns;
        }

        if (none)
        {
            // An empty rule allows nothing and switches the default deny on.
            yield return new JsonObject();
        }
    }
}
