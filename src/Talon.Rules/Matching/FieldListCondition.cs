using System.Collections.Immutable;
using Talon.Rules.Text;

namespace Talon.Rules.Matching;

/// <summary><c>match.output_fields</c>: all comparisons of at least one line hold. A line is never empty.</summary>
internal sealed class FieldListCondition(ImmutableArray<ImmutableArray<FieldCondition>> lines) : IEventCondition
{
    public ImmutableArray<ImmutableArray<FieldCondition>> Lines { get; } = lines;

    public string Canonical => CanonicalText.Of(
        "output_fields",
        [.. Lines.Select(line => CanonicalText.Of("all", [.. line.Select(c => c.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    public bool Holds(in EventView view)
    {
        foreach (var line in Lines)
        {
            if (FirstFailing(line, view) is null)
            {
                return true;
            }
        }

        return false;
    }

    public string Explain(in EventView view)
    {
        var parts = new List<string>();
        foreach (var line in Lines)
        {
            parts.Add(FirstFailing(line, view)!.Explain(view.Event));
        }

        return "output_fields: " + string.Join("; ", parts);
    }

    public string ExplainHeld(in EventView view)
    {
        foreach (var line in Lines)
        {
            if (FirstFailing(line, view) is null)
            {
                return $"output_fields has '{CanonicalText.Shorten(string.Join(", ", line))}'";
            }
        }

        return "";
    }

    private static FieldCondition? FirstFailing(ImmutableArray<FieldCondition> line, in EventView view)
    {
        foreach (var condition in line)
        {
            if (!condition.Holds(view))
            {
                return condition;
            }
        }

        return null;
    }
}
