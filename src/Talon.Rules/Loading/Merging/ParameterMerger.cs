using System.Collections.Immutable;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Merging;

/// <summary>
/// Merges parameters: what is said replaces, lists append, maps merge key by key with the later winning, what says nothing
/// leaves the earlier as it is. Two values of different types are an error, not a guess.
/// </summary>
internal sealed class ParameterMerger(DiagnosticBag bag)
{
    public YamlNode.Mapping? Merge(YamlNode.Mapping? earlier, YamlNode.Mapping? later, DiagnosticScope scope)
    {
        if (earlier is null || later is null)
        {
            return later ?? earlier;
        }

        var entries = ImmutableArray.CreateBuilder<YamlEntry>(earlier.Entries.Length + later.Entries.Length);
        entries.AddRange(earlier.Entries);
        var (exact, inAnyCase) = PlacesOf(later, earlier);
        // Each is merged over only once: a name that a map gives twice, in two cases, stays there twice and is refused later.
        bool[] merged = new bool[earlier.Entries.Length];
        foreach (var entry in later.Entries)
        {
            bool isKnown = inAnyCase.TryGetValue(entry.Key, out int at);
            if (isKnown && entry.Value.IsNull)
            {
                continue;
            }

            // The same letters go first, so that no name comes to stand in the map twice in the same letters.
            at = exact.GetValueOrDefault(entry.Key, at);
            if (isKnown && !merged[at])
            {
                merged[at] = true;
                entries[at] = entry with { Value = Combine(entries[at], entry, scope) };
            }
            else
            {
                entries.Add(entry);
            }
        }

        return new YamlNode.Mapping(later.Mark, entries.DrainToImmutable());
    }

    // Only the names of the later map are looked up, often few, while the earlier one grows with every override.
    private static (Dictionary<string, int> Exact, Dictionary<string, int> InAnyCase) PlacesOf(YamlNode.Mapping later, YamlNode.Mapping earlier)
    {
        var wanted = later.Entries.Select(entry => entry.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var exact = new Dictionary<string, int>(StringComparer.Ordinal);
        var inAnyCase = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < earlier.Entries.Length; i++)
        {
            string key = earlier.Entries[i].Key;
            if (wanted.Contains(key))
            {
                exact.TryAdd(key, i);
                inAnyCase.TryAdd(key, i);
            }
        }

        return (exact, inAnyCase);
    }

    private YamlNode Combine(YamlEntry earlier, YamlEntry later, DiagnosticScope scope)
    {
        switch (earlier.Value, later.Value)
        {
            case (YamlNode.Sequence first, YamlNode.Sequence second):
                return new YamlNode.Sequence(second.Mark, first.Items.AddRange(second.Items));
            case (YamlNode.Mapping first, YamlNode.Mapping second):
                return Combine(first, second);
            case (YamlNode.Scalar { IsNull: true }, _):
                return later.Value;
            case (YamlNode.Scalar first, YamlNode.Scalar second) when first.Kind == second.Kind:
                return later.Value;
            default:
                bag.Add(
                    DiagnosticSeverity.Error,
                    later.Value.Mark,
                    scope,
                    $"parameter '{later.Key}' is {later.Value.Describe()} here and {earlier.Value.Describe()} at {earlier.Value.Mark}",
                    "give it the same type in both places");
                return later.Value;
        }
    }

    private static YamlNode.Mapping Combine(YamlNode.Mapping first, YamlNode.Mapping second)
    {
        var replaced = second.Entries.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        ImmutableArray<YamlEntry> kept = [.. first.Entries.Where(entry => !replaced.Contains(entry.Key))];
        return new YamlNode.Mapping(second.Mark, kept.AddRange(second.Entries));
    }
}
