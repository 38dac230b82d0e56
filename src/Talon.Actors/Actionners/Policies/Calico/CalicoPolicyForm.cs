using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Talon.Actors.Clients.Kubernetes;

namespace Talon.Actors.Actionners.Policies.Calico;

/// <summary>
/// Calico's NetworkPolicy: first the rules that deny the addresses, then what is allowed. What its rules decide is final: Calico does
/// not evaluate later policies of the tier for it. One rule has addresses of one family: Calico refuses a mixed one.
/// </summary>
internal sealed class CalicoPolicyForm(IPNetwork denied, CalicoNetworkPolicyParameters parameters) : IPolicyForm
{
    private const string Tier = "default.";

    private readonly EgressAllowances _allowances = parameters.Allowances;

    public ResourceType Type => ResourceTypes.CalicoNetworkPolicies;

    public string NotServed => "is the Calico API server installed?";

    // Calico reads what comes before a dot in the name of a policy as its tier.
    public bool DotsInNames => false;

    public string ObjectKey => "caliconetworkpolicy";

    public string Already => "already denied";

    public string Effect => $"egress to {denied} is denied, {(_allowances.All ? "other egress is allowed" : $"and of the rest its pods may reach {_allowances.Describe()}")}";

    public string? Write(JsonObject policy, PodSelection selection)
    {
        var spec = policy.Map("spec");
        var stored = spec.ItemsAt("egress").Where(rule => rule.TextAt("action") == "Deny").ToList();
        var foreign = stored.Where(rule => Nets(rule) is null).Select(rule => rule!.DeepClone()).ToList();
        var nets = DenyList.Sort(stored.SelectMany(rule => Nets(rule) ?? []).Append(denied));
        if (DenyList.Check(nets) is { } problem)
        {
            return problem;
        }

        if (!spec.ItemsAt("types").Any(type => type.Text() == "Egress"))
        {
            spec["types"] = new JsonArray([.. spec.ItemsAt("types").Select(type => type?.DeepClone()), "Egress"]);
        }

        // It would exclude pods from the selection.
        spec.Remove("serviceAccountSelector");
        spec["order"] = parameters.Order;
        spec["selector"] = CalicoSelector.Of(selection);
        spec["egress"] = new JsonArray([.. Rules("Deny", nets), .. foreign, .. Allowed()]);
        return null;
    }

    public string? Beside(IEnumerable<JsonObject> others, string name, Workload workload)
    {
        var egress = others.Where(GovernsEgress).ToList();
        string[] before = [.. egress.Where(other => ComesBefore(other, name)).Select(Name)];
        string[] after = _allowances.All ? [.. egress.Where(other => !ComesBefore(other, name)).Select(Name)] : [];
        string?[] clauses =
        [
            before.Length == 0 ? null : $"policies of the namespace come before it and may still let traffic through: {PolicyNames.Few(before)}",
            after.Length == 0 ? null : $"policies of the namespace come after it and are no longer asked where they select its pods: {PolicyNames.Few(after)}",
        ];
        string text = string.Join("; ", clauses.Where(clause => clause is not null));
        return text.Length == 0 ? null : text;
    }

    private static string Name(JsonObject policy) => policy.TextAt("metadata", "name")!;

    // The API server may prefix all names with the tier; the address that was written to has no prefix.
    private static string WithoutTier(string name) => name.StartsWith(Tier, StringComparison.Ordinal) ? name[Tier.Length..] : name;

    private static bool GovernsEgress(JsonObject policy)
    {
        var types = policy.ItemsAt("spec", "types").Select(type => type.Text()).ToList();
        return types.Count == 0 ? policy.ItemsAt("spec", "egress").Any() : types.Contains("Egress", StringComparer.Ordinal);
    }

    // The ranges of a Deny rule exactly as Talon writes it; null for any other rule.
    private static IEnumerable<IPNetwork>? Nets(JsonNode? rule)
    {
        var copy = JsonShape.Compact(rule) as JsonObject;
        bool own = copy is { Count: 2 } && copy["destination"] is JsonObject { Count: 1 } && copy.At("destination", "nets") is JsonArray;
        return own ? DenyList.Read(copy.ItemsAt("destination", "nets").Select(net => net.Text())) : null;
    }

    private static IEnumerable<JsonObject> Rules(string action, IEnumerable<IPNetwork> nets) => nets
        .GroupBy(net => net.BaseAddress.AddressFamily)
        .Select(family => Rule(action, new JsonObject { ["nets"] = new JsonArray([.. family.Select(net => (JsonNode)net.ToString())]) }));

    private static JsonObject Rule(string action, JsonObject destination) => new() { ["action"] = action, ["destination"] = destination };

    private static JsonObject Dns(string protocol, string field, JsonNode place) => new()
    {
        ["action"] = "Allow",
        ["protocol"] = protocol,
        ["destination"] = new JsonObject { [field] = place, ["ports"] = new JsonArray(EgressAllowances.DnsPort) },
    };

    // Policies without an order come last; equal ones go by name.
    private bool ComesBefore(JsonObject other, string name)
    {
        double order = other.At("spec", "order") is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : double.PositiveInfinity;
        return order < parameters.Order || (order == parameters.Order && string.CompareOrdinal(WithoutTier(Name(other)), WithoutTier(name)) < 0);
    }

    private IEnumerable<JsonNode> Allowed()
    {
        foreach (var rule in Rules("Allow", _allowances.Networks))
        {
            yield return rule;
        }

        if (!_allowances.Namespaces.IsEmpty)
        {
            yield return Rule("Allow", new JsonObject { ["namespaceSelector"] = CalicoSelector.Namespaces(_allowances.Namespaces.Select(name => name.Value)) });
        }

        if (_allowances.Dns && !_allowances.All)
        {
            foreach (string protocol in new[] { "UDP", "TCP" })
            {
                yield return Dns(protocol, "namespaceSelector", CalicoSelector.Namespaces([EgressAllowances.DnsNamespace]));
                yield return Dns(protocol, "nets", new JsonArray(EgressAllowances.NodeLocalDns));
            }
        }
    }
}
