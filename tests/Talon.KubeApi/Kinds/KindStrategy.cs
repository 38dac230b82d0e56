using System.Text.Json.Nodes;
using Talon.KubeApi.Api;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Kinds;

/// <summary>What is special about a kind. The defaults fit a plain kind without status.</summary>
internal abstract class KindStrategy
{
    /// <summary>True: metadata.generation starts at 1 and moves with the spec.</summary>
    public virtual bool HasGeneration => false;

    public virtual bool HasStatus => true;

    /// <summary>True: a DELETE leaves the object for a grace period (pods).</summary>
    public virtual bool IsGraceful => false;

    /// <summary>True: a PUT must name the version it replaces (leases, custom resources).</summary>
    public virtual bool NeedsVersion => false;

    /// <summary>True: a PUT of a missing object makes it (leases).</summary>
    public virtual bool CreatesOnUpdate => false;

    /// <summary>Paths of fields that are times with microseconds.</summary>
    public virtual IReadOnlyList<string> MicroTimes => [];

    public virtual string? NameFault(string name) => NameRules.Subdomain(name);

    /// <summary>Field selectors beside metadata.name and metadata.namespace, with the values of this object.</summary>
    public virtual Dictionary<string, string> SelectableFields(JsonObject json) => Basic(json, withNamespace: true);

    public virtual bool CanSelect(string field) => field is "metadata.name" or "metadata.namespace";

    /// <summary>Fills in defaults; used on create and on every later version.</summary>
    public virtual void Default(JsonObject json)
    {
    }

    /// <summary>The status a client's new object starts with.</summary>
    public virtual JsonObject InitialStatus(JsonObject json) => [];

    public virtual void CheckCreate(JsonObject json, FieldErrors faults)
    {
    }

    public virtual void CheckUpdate(JsonObject next, JsonObject old, FieldErrors faults)
    {
    }

    protected static Dictionary<string, string> Basic(JsonObject json, bool withNamespace)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["metadata.name"] = json["metadata"].Text("name") };
        if (withNamespace)
            fields["metadata.namespace"] = json["metadata"].Text("namespace");
        return fields;
    }
}
