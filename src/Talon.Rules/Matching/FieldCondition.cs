using Talon.Rules.Events;
using Talon.Rules.Text;

namespace Talon.Rules.Matching;

/// <summary>
/// One condition on an output field: a closed set. It tests the field's literal text, compared ordinally. <see cref="ToString"/>
/// gives a canonical text that <c>ConditionParser</c> reads again as the same condition.
/// </summary>
internal abstract class FieldCondition
{
    private readonly int _hash;
    private readonly int _slot;

    private protected FieldCondition(string key, MatchKeys keys)
    {
        Key = key;
        _slot = keys.FieldSlot(key);
        _hash = NamePool.Hash(key);
    }

    public string Key { get; }

    /// <summary>Whether the event fulfils it. Allocates nothing but the text of an escaped value, once per event.</summary>
    public bool Holds(in EventView view) => HoldsAt(view.Event.OutputFields, view.FieldPosition(_slot, Key, _hash));

    /// <summary>Whether it holds for a field of this text; null is a missing field.</summary>
    public abstract bool HoldsFor(string? text);

    /// <summary>Why the event does not fulfil it, in words for the author of the rule.</summary>
    public string Explain(FalcoEvent falcoEvent)
    {
        string shown = CanonicalText.Shorten(ToString());
        if (!falcoEvent.OutputFields.TryGet(Key, out var value))
        {
            return $"'{shown}' fails, the event has no such field";
        }

        return value.Kind == FieldKind.Null
            ? $"'{shown}' fails, the field is null"
            : $"'{shown}' fails, the event has {CanonicalText.Quote(value.Literal)}{Remark(value.Literal)}";
    }

    /// <summary>The condition as it may be written in a rule file.</summary>
    public abstract override string ToString();

    /// <summary>Whether it holds for the field at a position; negative is a missing field.</summary>
    private protected abstract bool HoldsAt(FieldMap fields, int position);

    /// <summary>What else there is to say about a text for which it fails; empty when nothing.</summary>
    private protected virtual string Remark(string text) => "";
}
