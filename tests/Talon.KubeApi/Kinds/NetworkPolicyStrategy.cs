using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Kinds;

/// <summary>Network policies (networking.k8s.io/v1).</summary>
internal sealed class NetworkPolicyStrategy : KindStrategy
{
    private static readonly string[] Types = ["Ingress", "Egress"];

    public override bool HasGeneration => true;

    public override bool HasStatus => false;

    public override void Default(JsonObject json)
    {
        var spec = json.Map("spec");
        spec["podSelector"] ??= new JsonObject();
        if (spec["policyTypes"] is not JsonArray { Count: > 0 })
            spec["policyTypes"] = spec["egress"] is JsonArray { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
        foreach (var rule in spec.Items("ingress").Concat(spec.Items("egress")))
        {
            foreach (var port in rule.Items("ports"))
                port["protocol"] ??= "TCP";
        }
    }

    public override void CheckCreate(JsonObject json, FieldErrors faults) => Check(json, faults);

    public override void CheckUpdate(JsonObject next, JsonObject old, FieldErrors faults) => Check(next, faults);

    private static void Check(JsonObject json, FieldErrors faults)
    {
        var spec = json["spec"];
        CheckSelector(spec?["podSelector"], "spec.podSelector", faults);
        var index = 0;
        foreach (var (direction, peers) in new[] { ("ingress", "from"), ("egress", "to") })
        {
            index = 0;
            foreach (var rule in spec.Items(direction))
                CheckRule(rule, $"spec.{direction}[{index++}]", peers, faults);
        }

        index = 0;
        foreach (var type in spec?["policyTypes"] as JsonArray ?? [])
        {
            if (!Types.Contains(type?.GetValue<string>(), StringComparer.Ordinal))
                faults.NotSupported($"spec.policyTypes[{index}]", FieldErrors.Quote(type?.GetValue<string>() ?? ""), Types);
            index++;
        }
    }

    private static void CheckRule(JsonObject rule, string path, string peers, FieldErrors faults)
    {
        var index = 0;
        foreach (var port in rule.Items("ports"))
        {
            if (port.Number("port") is { } number and (< 1 or > 65535))
                faults.Invalid($"{path}.ports[{index}].port", number, "must be between 1 and 65535, inclusive");
            index++;
        }

        index = 0;
        foreach (var peer in rule.Items(peers))
            CheckPeer(peer, $"{path}.{peers}[{index++}]", faults);
    }

    private static void CheckPeer(JsonObject peer, string path, FieldErrors faults)
    {
        CheckSelector(peer["podSelector"], $"{path}.podSelector", faults);
        CheckSelector(peer["namespaceSelector"], $"{path}.namespaceSelector", faults);
        if (peer.Count == 0)
            faults.Required(path, "must specify a peer");
        else if (peer["ipBlock"] is not null && peer.Count > 1)
            faults.Forbidden(path, "may not specify both ipBlock and another peer");
        if (peer["ipBlock"] is not JsonObject block)
            return;
        if (CheckCidr(block.Text("cidr"), $"{path}.ipBlock.cidr", faults) is not { } outer)
            return;
        var index = 0;
        foreach (var except in block["except"] as JsonArray ?? [])
        {
            var field = $"{path}.ipBlock.except[{index++}]";
            var text = except?.GetValue<string>() ?? "";
            if (CheckCidr(text, field, faults) is { } inner && (inner.PrefixLength <= outer.PrefixLength || !outer.Contains(inner.BaseAddress)))
                faults.Invalid(field, text, "must be a strict subset of `cidr`");
        }
    }

    private static IPNetwork? CheckCidr(string text, string field, FieldErrors faults)
    {
        var parts = text.Split('/');
        if (parts.Length == 2 && IPAddress.TryParse(parts[0], out var address) && int.TryParse(parts[1], out var length)
            && length >= 0 && length <= (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128))
        {
            if (IPNetwork.TryParse(text, out var network) && network.BaseAddress.Equals(address))
                return network;
            faults.Invalid(field, text, "must not have bits set beyond the prefix length");
            return null;
        }

        faults.Invalid(field, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
        return null;
    }

    private static void CheckSelector(JsonNode? selector, string path, FieldErrors faults)
    {
        foreach (var (key, value) in selector?["matchLabels"] as JsonObject ?? [])
        {
            if (NameRules.QualifiedName(key) is { } keyFault)
                faults.Invalid($"{path}.matchLabels", key, keyFault);
            if (NameRules.LabelValue(value?.GetValue<string>() ?? "") is { } valueFault)
                faults.Invalid($"{path}.matchLabels", value?.GetValue<string>() ?? "", valueFault);
        }
    }
}
