using System.Text.Json.Nodes;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Kinds;

/// <summary>Network policies (networking.k8s.io/v1).</summary>
internal sealed class NetworkPolicyStrategy : KindStrategy
{
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
}
