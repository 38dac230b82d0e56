using System.Text;
using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Kinds;

/// <summary>Kinds that are told apart by a few switches only.</summary>
internal sealed class PlainStrategy : KindStrategy
{
    private readonly bool _generation;
    private readonly bool _status;
    private readonly Func<string, string?> _name = NameRules.Subdomain;
    private readonly Action<JsonObject>? _default;
    private readonly string? _phase;

    private PlainStrategy(bool generation, bool status, Action<JsonObject>? setDefaults = null, Func<string, string?>? name = null, string? phase = null)
    {
        _generation = generation;
        _status = status;
        _default = setDefaults;
        _name = name ?? NameRules.Subdomain;
        _phase = phase;
    }

    /// <summary>Bytes of the data of a config map.</summary>
    private const int ConfigLimit = 1024 * 1024;

    /// <summary>Neither status nor generation: ServiceAccount, Endpoints.</summary>
    public static PlainStrategy Bare { get; } = new(generation: false, status: false);

    /// <summary>Generation and status, the latter written by controllers.</summary>
    public static PlainStrategy Specified { get; } = new(generation: true, status: true);

    /// <summary>Roles and bindings.</summary>
    public static PlainStrategy Rights { get; } = new(generation: false, status: false, name: NameRules.PathSegment);

    public static PlainStrategy Config { get; } = new(generation: false, status: false);

    public static PlainStrategy Secret { get; } = new(generation: false, status: false, json => json["type"] ??= "Opaque");

    public static PlainStrategy Service { get; } = new(generation: false, status: true, DefaultService, NameRules.DnsLabel);

    public static PlainStrategy Claim { get; } =
        new(generation: false, status: true, json => json.Map("spec")["volumeMode"] ??= "Filesystem", phase: "Pending");

    public static PlainStrategy Volume { get; } = new(generation: false, status: true, DefaultVolume, phase: "Available");

    /// <summary>Custom resources: a free spec, a status only where the vendor has one.</summary>
    public static PlainStrategy Custom { get; } = new(generation: true, status: false);

    /// <summary>Policies of Calico: their tier is filled in, and they are otherwise custom resources.</summary>
    public static PlainStrategy Calico { get; } = new(generation: true, status: false, DefaultTier);

    public override bool HasGeneration => _generation;

    public override bool NeedsVersion => this == Custom || this == Calico;

    public override bool HasStatus => _status;

    public override string? NameFault(string name) => _name(name);

    public override void Default(JsonObject json) => _default?.Invoke(json);

    public override JsonObject InitialStatus(JsonObject json) => _phase is null ? [] : new() { ["phase"] = _phase };

    public override bool CanSelect(string field) => field is "metadata.name" or "metadata.namespace" || (this == Secret && field == "type");

    public override Dictionary<string, string> SelectableFields(JsonObject json)
    {
        var fields = Basic(json, withNamespace: true);
        if (this == Secret)
            fields["type"] = json.Text("type");
        return fields;
    }

    public override void CheckCreate(JsonObject json, FieldErrors faults)
    {
        if (this == Config && (json["data"] as JsonObject ?? []).Sum(d => Encoding.UTF8.GetByteCount(d.Value?.GetValue<string>() ?? "")) > ConfigLimit)
            faults.TooLong("[]", ConfigLimit);
    }

    public override void CheckUpdate(JsonObject next, JsonObject old, FieldErrors faults) => CheckCreate(next, faults);

    private static void DefaultService(JsonObject json)
    {
        var spec = json.Map("spec");
        spec["type"] ??= "ClusterIP";
        spec["sessionAffinity"] ??= "None";
        foreach (var port in spec.Items("ports"))
        {
            port["protocol"] ??= "TCP";
            port["targetPort"] ??= port["port"]?.DeepClone();
        }
    }

    private static void DefaultTier(JsonObject json)
    {
        if (json["spec"] is JsonObject spec)
            spec["tier"] ??= "default";
    }

    private static void DefaultVolume(JsonObject json)
    {
        var spec = json.Map("spec");
        spec["persistentVolumeReclaimPolicy"] ??= "Retain";
        spec["volumeMode"] ??= "Filesystem";
    }
}
