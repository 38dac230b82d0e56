using System.Text.Json.Nodes;
using Talon.Actors.Clients.Kubernetes;

namespace Talon.Actors.Actionners.Policies.Kubernetes;

/// <summary>
/// A NetworkPolicy that denies all egress but what is allowed. Policies of this kind only add to each other: what another one
/// allows stays allowed.
/// </summary>
internal sealed class KubernetesPolicyForm(EgressAllowances allowances) : IPolicyForm
{
    public ResourceType Type => ResourceTypes.NetworkPolicies;

    public string NotServed => "no cluster lacks it; is this a Kubernetes API server?";

    public bool DotsInNames => true;

    public string ObjectKey => "networkpolicy";

    public string Already => "already isolated";

    public string Effect => $"its pods may reach {allowances.Describe()}";

    public string? Write(JsonObject policy, PodSelection selection)
    {
        var spec = policy.Map("spec");
        spec["podSelector"] = selection.ToJson();
        if (!spec.ItemsAt("policyTypes").Any(type => type.Text() == "Egress"))
        {
            spec["policyTypes"] = new JsonArray([.. spec.ItemsAt("policyTypes").Select(type => type?.DeepClone()), "Egress"]);
        }

        var rules = Rules();
        spec.Remove("egress");
        if (rules.Count > 0)
        {
            spec["egress"] = rules;
        }

        return null;
    }

    public string? Beside(IEnumerable<JsonObject> others, string name, Workload workload)
    {
        string[] names = [.. others.Where(other => LetsThrough(other, workload)).Select(other => other.TextAt("metadata", "name")!)];
        return names.Length == 0 ? null : $"other policies select the pods and may still let traffic through: {PolicyNames.Few(names)}";
    }

    private static bool LetsThrough(JsonObject other, Workload workload)
    {
        var types = other.ItemsAt("spec", "policyTypes").Select(type => type.Text()).ToList();
        bool egress = types.Count == 0 || types.Contains("Egress", StringComparer.Ordinal);
        return egress && other.ItemsAt("spec", "egress").Any() && LabelTerms.Hold(other.At("spec", "podSelector"), workload.PodLabels);
    }

    private JsonArray Rules()
    {
        var rules = new JsonArray();
        JsonNode[] allowed =
        [
            .. allowances.Networks.Select(network => Block(network.ToString())),
            .. allowances.Namespaces.Select(name => Namespace(name.Value)),
        ];
        if (allowed.Length > 0)
        {
            rules.Add((JsonNode)new JsonObject { ["to"] = new JsonArray(allowed) });
        }

        if (allowances.Dns)
        {
            rules.Add((JsonNode)new JsonObject
            {
                ["to"] = new JsonArray(Namespace(EgressAllowances.DnsNamespace), Block(EgressAllowances.NodeLocalDns)),
                ["ports"] = new JsonArray(Port("UDP"), Port("TCP")),
            });
        }

        return rules;
    }

    private static JsonObject Block(string range) => new() { ["ipBlock"] = new JsonObject { ["cidr"] = range } };

    private static JsonObject Namespace(string name) =>
        new() { ["namespaceSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["kubernetes.io/metadata.name"] = name } } };

    private static JsonObject Port(string protocol) => new() { ["protocol"] = protocol, ["port"] = EgressAllowances.DnsPort };
}
