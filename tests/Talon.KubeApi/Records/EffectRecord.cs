namespace Talon.KubeApi;

/// <summary>
/// Every effect of every client, and apart from them the successful writes that changed nothing. What the server does by itself
/// (a grace period that ends, a controller) is no effect. Bounded: the oldest go first, and <see cref="Dropped"/> tells.
/// </summary>
public sealed class EffectRecord
{
    /// <summary>How many effects and how many repeats are kept.</summary>
    public const int Capacity = 1_000_000;

    private readonly Lock _gate = new();
    private readonly Queue<Effect> _effects = [];
    private readonly Queue<Effect> _repeats = [];
    private long _dropped;

    /// <summary>Effects in the order they happened.</summary>
    public IReadOnlyList<Effect> All
    {
        get
        {
            lock (_gate)
                return [.. _effects];
        }
    }

    /// <summary>Successful writes that changed nothing: DELETE of a pod that is terminating already, a patch without a change, a dry run.</summary>
    public IReadOnlyList<Effect> Repeats
    {
        get
        {
            lock (_gate)
                return [.. _repeats];
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return _effects.Count;
        }
    }

    /// <summary>How many records no longer fit.</summary>
    public long Dropped
    {
        get
        {
            lock (_gate)
                return _dropped;
        }
    }

    /// <summary>Number of effects for each uid.</summary>
    public IReadOnlyDictionary<string, int> CountByUid =>
        All.GroupBy(e => e.Uid, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);

    public int CountFor(string uid) => All.Count(e => e.Uid == uid);

    public IReadOnlyList<Effect> For(string uid) => [.. All.Where(e => e.Uid == uid)];

    public void Clear()
    {
        lock (_gate)
        {
            _effects.Clear();
            _repeats.Clear();
            _dropped = 0;
        }
    }

    internal void Add(Effect effect, bool changed)
    {
        lock (_gate)
        {
            var queue = changed ? _effects : _repeats;
            queue.Enqueue(effect);
            if (queue.Count > Capacity)
            {
                queue.Dequeue();
                _dropped++;
            }
        }
    }
}
