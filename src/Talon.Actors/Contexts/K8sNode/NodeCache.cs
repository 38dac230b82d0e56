using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Contexts.K8sNode;

/// <summary>Nodes as they were up to a minute ago: their labels hardly change. One call a node at a time; errors are not kept.</summary>
internal sealed class NodeCache(INodes nodes, TimeProvider clock)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    // The largest clusters have 5,000 nodes; a node object is some 10 kB, so only what is asked of it is kept.
    private const int Most = 5000;

    private readonly KeyedLocks _flights = new();
    private readonly Dictionary<string, (NodeFacts Facts, long At)> _cache = new(StringComparer.Ordinal);

    public async Task<(NodeFacts? Facts, KubeError? Error)> GetAsync(KubeName name, CallScope scope)
    {
        if (Find(name) is { } known)
        {
            return (known, null);
        }

        using var flight = await _flights.AcquireAsync(name.Value, scope.Token);
        if (Find(name) is { } fresh)
        {
            return (fresh, null);
        }

        var answer = await nodes.GetAsync(name, scope);
        if (!answer.TryGet(out var node, out var error))
        {
            return (null, error);
        }

        var facts = NodeFacts.Of(node);
        Remember(name, facts);
        return (facts, null);
    }

    private NodeFacts? Find(KubeName name)
    {
        lock (_cache)
        {
            return _cache.TryGetValue(name.Value, out var entry) && clock.GetElapsedTime(entry.At) < KeptFor ? entry.Facts : null;
        }
    }

    private void Remember(KubeName name, NodeFacts facts)
    {
        lock (_cache)
        {
            foreach (string old in _cache.Where(e => clock.GetElapsedTime(e.Value.At) >= KeptFor).Select(e => e.Key).ToList())
            {
                _cache.Remove(old);
            }

            if (_cache.Count < Most)
            {
                _cache[name.Value] = (facts, clock.GetTimestamp());
            }
        }
    }
}
