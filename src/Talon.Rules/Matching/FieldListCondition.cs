using System.Collections.Immutable;
using Talon.Rules.Events;

namespace Talon.Rules.Matching;

/// <summary><c>match.output_fields</c>: all comparisons of at least one line hold. A line is never empty.</summary>
internal sealed class FieldListCondition(ImmutableArray<ImmutableArray<FieldCondition>> lines) : IEventCondition
{
    public string Canonical => CanonicalText.Of(
        "output_fields",
        [.. lines.Select(line => CanonicalText.Of("all", [.. line.Select(c => c.ToString()).Order(StringComparer.Ordinal)])).Order(StringComparer.Ordinal)]);

    public bool Holds(FalcoEvent falcoEvent)
    {
        foreach (var line in lines)
        {
            if (FirstFailing(line, falcoEvent) is null)
            {
                return true;
            }
        }

        return false;
    }

    public string Explain(FalcoEvent falcoEvent) =>
        "output_fields: " + string.Join("; ", lines.Select(line => Describe(FirstFailing(line, falcoEvent)!, falcoEvent)));

    private static FieldCondition? FirstFailing(ImmutableArray<FieldCondition> line, FalcoEvent falcoEvent)
    {
        foreach (var condition in line)
        {
            if (!condition.Holds(falcoEvent))
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
