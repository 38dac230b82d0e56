using System.Text.Json.Nodes;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Store;

/// <summary>
/// Who owns which field of which object, for server-side apply. Kept beside the objects, not shown in them. Used under the gate of the
/// store.
/// </summary>
internal sealed class FieldOwners
{
    private readonly Dictionary<string, List<Manager>> _objects = new(StringComparer.Ordinal);

    /// <summary>A manager and its fields. The same name owns apart what it applied and what it wrote otherwise.</summary>
    public sealed record Manager(string Name, bool Applies, string ApiVersion)
    {
        public HashSet<string> Fields { get; } = new(StringComparer.Ordinal);

        /// <summary>As a conflict names it.</summary>
        public string Shown => Applies ? Quoted : $"{Quoted} using {ApiVersion}";

        private string Quoted => Api.FieldErrors.Quote(Name);
    }

    public sealed record Conflict(Manager Manager, string Field);

    public void Forget(string uid) => _objects.Remove(uid);

    /// <summary>A write that is no apply: it takes the fields it changed from everybody else.</summary>
    public void Written(string uid, ResourceKind kind, string manager, JsonObject? old, JsonObject now)
    {
        var before = old is null ? [] : FieldLeaves.Of(old, kind.IsCustom);
        var after = FieldLeaves.Of(now, kind.IsCustom);
        var changed = after.Where(a => !before.TryGetValue(a.Key, out var was) || !JsonNode.DeepEquals(was.Value, a.Value.Value)).Select(a => a.Key).ToList();
        var managers = Managers(uid);
        foreach (var owner in managers)
        {
            owner.Fields.ExceptWith(changed);
            owner.Fields.IntersectWith(after.Keys);
        }

        if (changed.Count > 0)
            Find(managers, manager, applies: false, kind).Fields.UnionWith(changed);
        managers.RemoveAll(m => m.Fields.Count == 0);
    }

    /// <summary>The fields of an apply that others own and that have another value now.</summary>
    public IReadOnlyList<Conflict> Conflicts(
        string uid, string manager, IReadOnlyDictionary<string, FieldLeaves.Leaf> applied, IReadOnlyDictionary<string, FieldLeaves.Leaf> live) =>
    [
        .. Managers(uid).Where(m => !m.Applies || m.Name != manager).SelectMany(m => applied
            .Where(a => m.Fields.Contains(a.Key) && live.TryGetValue(a.Key, out var has) && !JsonNode.DeepEquals(has.Value, a.Value.Value))
            .Select(a => new Conflict(m, a.Key)))
            .OrderBy(c => c.Field, StringComparer.Ordinal),
    ];

    /// <summary>What a manager applied before and leaves out now, and nobody else owns.</summary>
    public IReadOnlyList<string> LeftOut(string uid, string manager, IReadOnlyDictionary<string, FieldLeaves.Leaf> applied)
    {
        var managers = Managers(uid);
        var own = managers.Find(m => m.Applies && m.Name == manager);
        return own is null ? [] : [.. own.Fields.Where(f => !applied.ContainsKey(f) && !managers.Any(m => m != own && m.Fields.Contains(f)))];
    }

    /// <returns>True when an apply changes who owns what.</returns>
    public bool WouldChange(string uid, string manager, IReadOnlyDictionary<string, FieldLeaves.Leaf> applied) =>
        Managers(uid).Find(m => m.Applies && m.Name == manager) is not { } own ? applied.Count > 0 : !own.Fields.SetEquals(applied.Keys);

    /// <summary>An apply: these are the fields of the manager now; those it took by force are no longer anybody else's.</summary>
    public void Applied(string uid, ResourceKind kind, string manager, IReadOnlyDictionary<string, FieldLeaves.Leaf> applied, IEnumerable<Conflict> forced)
    {
        foreach (var conflict in forced)
            conflict.Manager.Fields.Remove(conflict.Field);
        var managers = Managers(uid);
        var own = Find(managers, manager, applies: true, kind);
        own.Fields.Clear();
        own.Fields.UnionWith(applied.Keys);
        managers.RemoveAll(m => m.Fields.Count == 0);
    }

    private List<Manager> Managers(string uid)
    {
        if (!_objects.TryGetValue(uid, out var managers))
            _objects[uid] = managers = [];
        return managers;
    }

    private static Manager Find(List<Manager> managers, string name, bool applies, ResourceKind kind)
    {
        if (managers.Find(m => m.Name == name && m.Applies == applies) is { } found)
            return found;
        var added = new Manager(name, applies, kind.ApiVersion);
        managers.Add(added);
        return added;
    }
}
