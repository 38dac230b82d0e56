namespace Talon.KubeApi.Api;

/// <summary>What a handler reports about the objects a request touched.</summary>
internal sealed class EffectLog(EffectRecord record, long number, string verb, DateTimeOffset time)
{
    public void Changed(StoredObject stored) => record.Add(Entry(stored), changed: true);

    /// <summary>The request succeeded and left the object as it was.</summary>
    public void Unchanged(StoredObject stored) => record.Add(Entry(stored), changed: false);

    private Effect Entry(StoredObject stored) =>
        new(number, time, verb, stored.Resource, stored.Namespace, stored.Name, stored.Uid);
}
