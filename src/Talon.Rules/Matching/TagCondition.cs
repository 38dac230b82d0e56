using System.Collections.Immutable;
using Talon.Rules.Events;

namespace Talon.Rules.Matching;

/// <summary><c>match.tags</c>: the event carries all tags of at least one line.</summary>
internal sealed class TagCondition(ImmutableArray<ImmutableArray<string>> lines) : IEventCondition
{
    public string Canonical => CanonicalText.Of(
        "tags",
        [.. lines.Select(line => string.Join(',', line.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))).Order(StringComparer.Ordinal)]);

    public bool Holds(FalcoEvent falcoEvent)
    {
        foreach (var line in lines)
        {
            if (FirstMissing(line, falcoEvent) is null)
            {
                return true;
            }
        }

        return false;
    }

    public string Explain(FalcoEvent falcoEvent)
    {
        string missing = string.Join("; ", lines.Select(line => $"'{string.Join(", ", line)}' needs '{FirstMissing(line, falcoEvent)}'"));
        return $"tags: the event carries {CanonicalText.Quote(string.Join(", ", falcoEvent.Tags))}; {missing}";
    }

    private static string? FirstMissing(ImmutableArray<string> line, FalcoEvent falcoEvent)
    {
        foreach (string tag in line)
        {
            if (!falcoEvent.Tags.AsSpan().Contains(tag))
            {
                return tag;
            }
        }

        return null;
    }
}
