using System.Collections.Immutable;
using Talon.Rules.Text;

namespace Talon.Rules.Matching;

/// <summary><c>match.not</c>: the event does not fulfil all conditions of the block. The block is never empty.</summary>
internal sealed class NotCondition(ImmutableArray<IEventCondition> block) : IEventCondition
{
    public ImmutableArray<IEventCondition> Block { get; } = block;

    public string Canonical => CanonicalText.Of("not", [.. Block.Select(condition => condition.Canonical)]);

    public bool Holds(in EventView view)
    {
        foreach (var condition in Block)
        {
            if (!condition.Holds(view))
            {
                return true;
            }
        }

        return false;
    }

    public string Explain(in EventView view) => "not: the event is excluded, as " + AllHeld(view);

    public string ExplainHeld(in EventView view)
    {
        foreach (var condition in Block)
        {
            if (!condition.Holds(view))
            {
                return condition.Explain(view);
            }
        }

        return "";
    }

    private string AllHeld(in EventView view)
    {
        var parts = new List<string>();
        foreach (var condition in Block)
        {
            parts.Add(condition.ExplainHeld(view));
        }

        return string.Join(" and ", parts);
    }
}
