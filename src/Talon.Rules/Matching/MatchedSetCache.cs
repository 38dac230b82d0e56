using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Talon.Rules.Matching;

/// <summary>
/// Remembers the matched sets seen, so that a hot event allocates nothing. Bounded: when it is full it starts afresh, since
/// whoever shapes events could otherwise fill it with combinations that never come again.
/// </summary>
internal sealed class MatchedSetCache
{
    private readonly string _ruleSetHash;
    private readonly ImmutableArray<Rule> _rules;
    private readonly int _capacity;
    private readonly ConcurrentDictionary<int[], MatchedSet> _sets = new(new IndexComparer());
    private readonly ConcurrentDictionary<int[], MatchedSet>.AlternateLookup<ReadOnlySpan<int>> _lookup;
    private int _count;

    public MatchedSetCache(string ruleSetHash, ImmutableArray<Rule> rules, int capacity = 4096)
    {
        _ruleSetHash = ruleSetHash;
        _rules = rules;
        _capacity = capacity;
        _lookup = _sets.GetAlternateLookup<ReadOnlySpan<int>>();
    }

    /// <summary>How many are remembered, roughly.</summary>
    internal int Count => Volatile.Read(ref _count);

    public MatchedSet Get(ReadOnlySpan<int> matching)
    {
        if (_lookup.TryGetValue(matching, out var known))
        {
            return known;
        }

        if (Interlocked.Increment(ref _count) > _capacity)
        {
            _sets.Clear();
            Volatile.Write(ref _count, 1);
        }

        return _sets.GetOrAdd(matching.ToArray(), MatchedSet.Of(_ruleSetHash, _rules, matching));
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
