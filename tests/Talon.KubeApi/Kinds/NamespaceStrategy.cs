using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Kinds;

/// <summary>Namespaces: the label with their own name comes back by itself; the finalizer keeps them until they are empty.</summary>
internal sealed class NamespaceStrategy : KindStrategy
{
    public override string? NameFault(string name) => NameRules.DnsLabel(name);

    public override bool CanSelect(string field) => field is "metadata.name" or "status.phase" or "name";

    public override Dictionary<string, string> SelectableFields(JsonObject json)
    {
        var fields = Basic(json, withNamespace: false);
        fields["name"] = json["metadata"].Text("name");
        fields["status.phase"] = json["status"].Text("phase");
        return fields;
    }

    public override void Default(JsonObject json)
    {
        if (json.Meta().Text("name") is { Length: > 0 } name)
            json.Meta().Map("labels")["kubernetes.io/metadata.name"] = name;
        if (json.Map("spec")["finalizers"] is not JsonArray)
            json.Map("spec")["finalizers"] = new JsonArray("kubernetes");
    }

    public override JsonObject InitialStatus(JsonObject json) => new() { ["phase"] = "Active" };
}
