using System.Collections.Immutable;
using Talon.Rules.Events;

namespace Talon.Rules.Matching;

/// <summary><c>match.output_fields</c>: all comparisons of at least one line hold. A line is never empty.</summary>
internal sealed class FieldListCondition(ImmutableArray<ImmutableArray<FieldCondition>> lines) : IEventCondition
{
    public string Canonical => CanonicalText.Of(
        "output_fields",
        [.. lines.Select(line => CanonicalText.Of("all", [.. line.Select(c => c.ToString()).Order(StringComparer.Ordinal)])).Order(StringComparer.Ordinal)]);

    public bool Holds(in EventView view)
    {
        foreach (var line in lines)
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
        foreach (var line in lines)
        {
            parts.Add(Describe(FirstFailing(line, view)!, view.Event));
        }

        return "output_fields: " + string.Join("; ", parts);
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

    private static string Describe(FieldCondition failing, FalcoEvent falcoEvent)
    {
        if (!falcoEvent.OutputFields.TryGet(failing.Key, out var value))
        {
            return $"'{failing}' fails, the event has no such field";
        }

        return value.Kind == FieldKind.Null
            ? $"'{failing}' fails, the field is null"
            : $"'{failing}' fails, the event has {CanonicalText.Quote(value.Literal)}";
    }
}
