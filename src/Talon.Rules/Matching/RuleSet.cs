using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Talon.Rules.Events;
using Talon.Rules.Planning;

namespace Talon.Rules.Matching;

/// <summary>
/// Compiled rules. Immutable and safe for any number of threads. Matching is a pure function: no clock, no I/O, no locale.
/// </summary>
public sealed class RuleSet
{
    // Beyond this many numbers the scratch memory of a match is rented, not taken from the stack.
    private const int StackNumbers = 1024;
    private readonly FrozenDictionary<string, int[]> _byFalcoRule;
    private readonly int[] _unnamed;
    private readonly MatchedSetCache _sets;
    private readonly int _fieldSlots;
    private readonly int _slots;

    internal RuleSet(string hash, ImmutableArray<Rule> rules, MatchKeys keys)
    {
        _fieldSlots = keys.FieldCount;
        _slots = keys.FieldCount + keys.TagCount;
        Hash = hash;
        Rules = rules;
        _sets = new MatchedSetCache(hash, rules);
        var unnamed = new List<int>();
        var named = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (int i = 0; i < rules.Length; i++)
        {
            if (rules[i].Names is not { } names)
            {
                unnamed.Add(i);
                continue;
            }

            foreach (string name in names.Names.Distinct(StringComparer.Ordinal))
            {
                (named.TryGetValue(name, out var list) ? list : named[name] = []).Add(i);
            }
        }

        _unnamed = [.. unnamed];
        _byFalcoRule = named.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>The hash of the merged, compiled meaning, 32 hex digits. Files that mean the same have the same hash.</summary>
    public string Hash { get; }

    /// <summary>The rules in file order.</summary>
    public ImmutableArray<Rule> Rules { get; }

    /// <summary>All rules whose conditions hold for the event. Allocates nothing once the combination has been seen.</summary>
    public RuleMatch Match(FalcoEvent falcoEvent)
    {
        int[] named = _byFalcoRule.GetValueOrDefault(falcoEvent.Rule) ?? [];
        int most = named.Length + _unnamed.Length;
        if (most == 0)
        {
            return default;
        }

        int size = most + _slots;
        int[]? rented = size > StackNumbers ? ArrayPool<int>.Shared.Rent(size) : null;
        Span<int> memory = rented ?? stackalloc int[StackNumbers];
        var matching = memory[..most];
        var slots = memory.Slice(most, _slots);
        slots.Clear();
        int count = Collect(new EventView(falcoEvent, slots, _fieldSlots), named, matching);
        var match = count == 0 ? default : new RuleMatch(_sets.Get(matching[..count]));
        if (rented is not null)
        {
            ArrayPool<int>.Shared.Return(rented);
        }

        return match;
    }

    /// <summary>What will be done about the event; null when no rule matches. The same instance for the same matching rules.</summary>
    public EventPlan? Plan(FalcoEvent falcoEvent) => Match(falcoEvent).Plan;

    /// <summary>For every rule in file order, why it matches the event or does not.</summary>
    public ImmutableArray<MatchExplanation> Explain(FalcoEvent falcoEvent)
    {
        var view = new EventView(falcoEvent, new int[_slots], _fieldSlots);
        var explanations = ImmutableArray.CreateBuilder<MatchExplanation>(Rules.Length);
        foreach (var rule in Rules)
        {
            explanations.Add(rule.Explain(view));
        }

        return explanations.MoveToImmutable();
    }

    // Both lists are in file order: they are merged into one.
    private int Collect(in EventView view, int[] named, Span<int> matching)
    {
        int count = 0;
        int n = 0;
        int u = 0;
        while (n < named.Length || u < _unnamed.Length)
        {
            int index = u == _unnamed.Length || (n < named.Length && named[n] < _unnamed[u]) ? named[n++] : _unnamed[u++];
            if (Rules[index].OthersHold(view))
            {
                matching[count++] = index;
            }
        }

        return count;
    }
}
