using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Talon.Rules.Matching;

/// <summary>
/// Remembers the matched sets seen, so that a hot event allocates nothing. Bounded in number and size: when it is full it
/// starts afresh, since whoever shapes events could otherwise fill it with combinations that never come again.
/// </summary>
internal sealed class MatchedSetCache
{
    private readonly string _ruleSetHash;
    private readonly ImmutableArray<Rule> _rules;
    private readonly int _capacity;
    private readonly long _room;
    private readonly ConcurrentDictionary<int[], MatchedSet> _sets = new(new IndexComparer());
    private readonly ConcurrentDictionary<int[], MatchedSet>.AlternateLookup<ReadOnlySpan<int>> _lookup;
    private int _count;
    private long _size;

    /// <param name="room">What they may hold in all, by <see cref="MatchedSet.Size"/>; a single set may be larger. An action is a few hundred bytes.</param>
    public MatchedSetCache(string ruleSetHash, ImmutableArray<Rule> rules, int capacity = 4096, long room = 200_000)
    {
        _ruleSetHash = ruleSetHash;
        _rules = rules;
        _capacity = capacity;
        _room = room;
        _lookup = _sets.GetAlternateLookup<ReadOnlySpan<int>>();
    }

    /// <summary>How many are remembered, roughly.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>What they hold in all, roughly.</summary>
    internal long Size => Volatile.Read(ref _size);

    public MatchedSet Get(ReadOnlySpan<int> matching)
    {
        if (_lookup.TryGetValue(matching, out var known))
        {
            return known;
        }

        var set = MatchedSet.Of(_ruleSetHash, _rules, matching);
        int size = set.Size;
        bool isFull = Interlocked.Increment(ref _count) > _capacity;
        if (Interlocked.Add(ref _size, size) > _room || isFull)
        {
            _sets.Clear();
            Volatile.Write(ref _count, 1);
            Volatile.Write(ref _size, size);
        }

        return _sets.GetOrAdd(matching.ToArray(), set);
    }

    private sealed class IndexComparer : IEqualityComparer<int[]>, IAlternateEqualityComparer<ReadOnlySpan<int>, int[]>
    {
        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<int> alternate, int[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(int[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<int> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(MemoryMarshal.AsBytes(alternate));
            return hash.ToHashCode();
        }

        public int[] Create(ReadOnlySpan<int> alternate) => alternate.ToArray();
    }
}
