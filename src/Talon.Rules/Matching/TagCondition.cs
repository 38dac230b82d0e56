using System.Collections.Immutable;
using Talon.Rules.Text;

namespace Talon.Rules.Matching;

/// <summary><c>match.tags</c>: the event carries all tags of at least one line.</summary>
internal sealed class TagCondition(ImmutableArray<ImmutableArray<string>> lines, MatchKeys keys) : IEventCondition
{
    private readonly (string Tag, int Slot)[][] _lines = [.. lines.Select(line => line.Select(tag => (tag, keys.TagSlot(tag))).ToArray())];

    public ImmutableArray<ImmutableArray<string>> Lines { get; } = lines;

    public string Canonical => CanonicalText.Of(
        "tags",
        [.. Lines.Select(line => string.Join(',', line.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    public bool Holds(in EventView view)
    {
        foreach (var line in _lines)
        {
            if (FirstMissing(line, view) is null)
            {
                return true;
            }
        }

        return false;
    }

    public string Explain(in EventView view)
    {
        var parts = new List<string>();
        foreach (var line in _lines)
        {
            parts.Add($"'{string.Join(", ", line.Select(part => part.Tag))}' needs '{FirstMissing(line, view)}'");
        }

        return $"tags: the event carries {CanonicalText.Quote(string.Join(", ", view.Event.Tags))}; {string.Join("; ", parts)}";
    }

    public string ExplainHeld(in EventView view)
    {
        foreach (var line in _lines)
        {
            if (FirstMissing(line, view) is null)
            {
                return $"tags has '{string.Join(", ", line.Select(part => part.Tag))}'";
            }
        }

        return "";
    }

    private static string? FirstMissing((string Tag, int Slot)[] line, in EventView view)
    {
        foreach (var (tag, slot) in line)
        {
            if (!view.HasTag(slot, tag))
            {
                return tag;
            }
        }

        return null;
    }
}
