using System.Collections.Immutable;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading;

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

        var entries = earlier.Entries.ToList();
        foreach (var entry in later.Entries)
        {
            int at = entries.FindIndex(known => known.Key.Equals(entry.Key, StringComparison.OrdinalIgnoreCase));
            if (at < 0)
            {
                entries.Add(entry);
            }
            else if (!entry.Value.IsNull)
            {
                entries[at] = entry with { Value = Combine(entries[at], entry, scope) };
            }
        }

        return new YamlNode.Mapping(later.Mark, [.. entries]);
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
