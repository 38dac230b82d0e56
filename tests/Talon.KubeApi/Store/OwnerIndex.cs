namespace Talon.KubeApi.Store;

/// <summary>
/// What is stored, by uid and by the uid of each owner: with tens of thousands of pods a look at all of them for each deletion would take
/// longer than the deletion. Used under the gate of the store.
/// </summary>
internal sealed class OwnerIndex
{
    private static readonly SortedDictionary<string, StoredObject> None = [];

    private readonly Dictionary<string, StoredObject> _byUid = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<string, StoredObject>> _byOwner = new(StringComparer.Ordinal);

    public StoredObject? Find(string uid) => _byUid.GetValueOrDefault(uid);

    /// <summary>What names this owner, by kind and name.</summary>
    public IReadOnlyCollection<StoredObject> Of(string owner) => _byOwner.GetValueOrDefault(owner, None).Values;

    public void Replace(StoredObject? old, StoredObject? now)
    {
        if (old is not null)
            Remove(old);
        if (now is not null)
            Add(now);
    }

    private static string KeyOf(StoredObject stored) => $"{stored.Kind.QualifiedPlural} {stored.Key}";

    private void Add(StoredObject stored)
    {
        _byUid[stored.Uid] = stored;
        foreach (var owner in stored.Owners)
        {
            if (!_byOwner.TryGetValue(owner, out var owned))
                _byOwner[owner] = owned = new SortedDictionary<string, StoredObject>(StringComparer.Ordinal);
            owned[KeyOf(stored)] = stored;
        }
    }

    private void Remove(StoredObject stored)
    {
        // Seeded objects may share a uid.
        if (_byUid.GetValueOrDefault(stored.Uid) == stored)
            _byUid.Remove(stored.Uid);
        foreach (var owner in stored.Owners)
        {
            if (_byOwner.TryGetValue(owner, out var owned) && owned.Remove(KeyOf(stored)) && owned.Count == 0)
                _byOwner.Remove(owner);
        }
    }
}
