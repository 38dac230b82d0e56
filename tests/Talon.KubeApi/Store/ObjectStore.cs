using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Store;

/// <summary>
/// All objects of all kinds under one counter of versions, as etcd keeps them. Every write happens under <see cref="Gate"/>;
/// readers take a snapshot and need no lock.
/// </summary>
internal sealed class ObjectStore
{
    /// <summary>How many versions of a kind can still be listed (pages of an older list, exact versions).</summary>
    private const int HistoryLength = 2000;

    private readonly Dictionary<ResourceKind, List<Snapshot>> _history = [];
    private readonly OwnerIndex _owners = new();
    private long _version = 1;

    public ObjectStore()
    {
        foreach (var kind in ResourceKinds.Stored)
            _history[kind] = [new Snapshot(1, ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal))];
    }

    public sealed record Snapshot(long Version, ImmutableSortedDictionary<string, StoredObject> Objects);

    public Lock Gate { get; } = new();

    public long Version => Volatile.Read(ref _version);

    /// <summary>Told of each change, under the gate: the old object (null: created) and the new one (null: removed).</summary>
    public Action<StoredObject?, StoredObject?>? Changed { get; set; }

    public StoredObject? Find(ResourceKind kind, string? ns, string name)
    {
        var found = Latest(kind.StoredAs ?? kind).Objects.GetValueOrDefault(StoredObject.KeyOf(ns, name));
        return found is null || kind.StoredAs is null ? found : Shown(kind, found);
    }

    /// <returns>What has this uid, of whatever kind, as it is stored. The caller holds the gate.</returns>
    public StoredObject? FindByUid(string uid) => _owners.Find(uid);

    /// <returns>What names the object of this uid as its owner, of whatever kind and namespace. The caller holds the gate.</returns>
    public IReadOnlyList<StoredObject> DependentsOf(string uid) => [.. _owners.Of(uid)];

    public Snapshot Latest(ResourceKind kind)
    {
        lock (Gate)
            return Shown(kind, _history[kind.StoredAs ?? kind][^1] with { Version = _version });
    }

    /// <returns>The kind as it was at a version; null when that is no longer kept.</returns>
    public Snapshot? At(ResourceKind kind, long version)
    {
        lock (Gate)
        {
            var history = _history[kind.StoredAs ?? kind];
            for (var i = history.Count - 1; i >= 0; i--)
            {
                if (history[i].Version <= version)
                    return Shown(kind, history[i] with { Version = version });
            }

            return null;
        }
    }

    /// <summary>Forgets every version but the present one, as etcd does now and then.</summary>
    public void Compact()
    {
        lock (Gate)
        {
            foreach (var kind in ResourceKinds.Stored)
                _history[kind] = [_history[kind][^1] with { Version = _version }];
        }
    }

    /// <summary>Stores the object under a new version. The caller holds the gate.</summary>
    public StoredObject Put(ResourceKind kind, JsonObject json)
    {
        if (kind.StoredAs is { } place)
            return Shown(kind, Put(place, kind.View!.ToStored(json)));
        var version = ++_version;
        json.Meta()["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
        json.TidyMetadata();
        var stored = new StoredObject(kind, json);
        var old = _history[kind][^1].Objects.GetValueOrDefault(stored.Key);
        Push(kind, version, _history[kind][^1].Objects.SetItem(stored.Key, stored));
        _owners.Replace(old, stored);
        Changed?.Invoke(old, stored);
        return stored;
    }

    /// <summary>Removes the object; this takes a version too. The caller holds the gate.</summary>
    public void Remove(StoredObject stored)
    {
        var version = ++_version;
        var kind = stored.Kind.StoredAs ?? stored.Kind;
        var old = _history[kind][^1].Objects.GetValueOrDefault(stored.Key);
        Push(kind, version, _history[kind][^1].Objects.Remove(stored.Key));
        _owners.Replace(old, null);
        Changed?.Invoke(stored, null);
    }

    private static StoredObject Shown(ResourceKind kind, StoredObject stored) => new(kind, kind.View!.FromStored(stored.ToJson()));

    private static Snapshot Shown(ResourceKind kind, Snapshot snapshot) => kind.StoredAs is null
        ? snapshot
        : snapshot with { Objects = snapshot.Objects.ToImmutableSortedDictionary(p => p.Key, p => Shown(kind, p.Value), StringComparer.Ordinal) };

    private void Push(ResourceKind kind, long version, ImmutableSortedDictionary<string, StoredObject> objects)
    {
        var history = _history[kind];
        history.Add(new Snapshot(version, objects));
        if (history.Count > 2 * HistoryLength)
            history.RemoveRange(0, HistoryLength);
    }
}
