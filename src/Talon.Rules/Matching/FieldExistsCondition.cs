using Talon.Rules.Events;

namespace Talon.Rules.Matching;

/// <summary><c>key exists</c>: the field says something. Missing, null, empty and Falco's <c>&lt;NA&gt;</c> say nothing.</summary>
internal sealed class FieldExistsCondition(string key, MatchKeys keys) : FieldCondition(key, keys)
{
    public override bool HoldsFor(string? text) => text is { Length: > 0 } and not WellKnownFields.NotAvailable;

    public override string ToString() => $"{Key} exists";

    private protected override bool HoldsAt(FieldMap fields, int position)
    {
        if (position < 0 || fields.KindAt(position) == FieldKind.Null)
        {
            return false;
        }

        return fields.TryGetUtf8(position, out var utf8)
            ? !utf8.IsEmpty && !utf8.SequenceEqual("<NA>"u8)
            : HoldsFor(fields.ValueAt(position).Literal);
    }
}
