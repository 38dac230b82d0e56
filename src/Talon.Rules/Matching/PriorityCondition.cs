using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Talon.Rules.Events;
using Talon.Rules.Text;

namespace Talon.Rules.Matching;

/// <summary><c>match.priority</c>: the event's priority is one of a set, kept as a bit mask. An unknown priority is in no set.</summary>
internal sealed class PriorityCondition : IEventCondition
{
    private const int AllNames = 0b1_1111_1110;
    private readonly string _text;
    private readonly int _mask;

    private PriorityCondition(string text, int mask)
    {
        _text = text;
        _mask = mask;
    }

    /// <summary>Whether no event can fulfil it, as with <c>&gt;Emergency</c>.</summary>
    public bool IsImpossible => _mask == 0;

    /// <summary>The priorities that fulfil it, one bit each by their number.</summary>
    public int Mask => _mask;

    public string Canonical => CanonicalText.Of("priority", [_mask.ToString()]);

    /// <summary>Reads an optional comparator (<c>&lt;</c>, <c>&lt;=</c>, <c>=</c>, <c>&gt;=</c>, <c>&gt;</c>) and a name.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PriorityCondition? condition)
    {
        condition = null;
        int length = text.AsSpan().IndexOfAnyExcept("<>=");
        if (length < 0)
        {
            return false;
        }

        var priority = PriorityName.Parse(text.AsSpan(length));
        if (priority == Priority.Unknown)
        {
            return false;
        }

        int same = 1 << (int)priority;
        int below = (same - 1) & AllNames;
        int above = AllNames & ~below & ~same;
        int? mask = text[..length] switch
        {
            "" or "=" => same,
            "<" => below,
            "<=" => below | same,
            ">" => above,
            ">=" => above | same,
            _ => null,
        };
        if (mask is null)
        {
            return false;
        }

        condition = new PriorityCondition(text, mask.Value);
        return true;
    }

    public bool Holds(in EventView view) => (_mask & (1 << (int)view.Event.Priority)) != 0;

    public string Explain(in EventView view) => view.Event.Priority == Priority.Unknown
        ? $"priority: the event's priority {CanonicalText.Quote(view.Event.PriorityText)} is none of Falco's"
        : $"priority: {view.Event.Priority} is not {_text}{(BitOperations.PopCount((uint)_mask) == 0 ? ", which no priority is" : "")}";

    public string ExplainHeld(in EventView view) => $"priority {view.Event.Priority} is {_text}";
}
