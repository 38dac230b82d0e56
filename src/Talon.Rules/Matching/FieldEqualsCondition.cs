using System.Text;
using Talon.Rules.Events;
using Talon.Rules.Text;

namespace Talon.Rules.Matching;

/// <summary><c>key=value</c> or <c>key!=value</c>. A missing or null field is unequal to everything.</summary>
internal sealed class FieldEqualsCondition(string key, bool isEqual, string value, MatchKeys keys) : FieldCondition(key, keys)
{
    private readonly byte[] _utf8Value = Encoding.UTF8.GetBytes(value);

    public bool IsEqual { get; } = isEqual;

    public string Value { get; } = value;

    public override bool HoldsFor(string? text) => (text == Value) == IsEqual;

    public override string ToString() => $"{Key}{(IsEqual ? "=" : "!=")}{CanonicalText.Operand(Value)}";

    private protected override bool HoldsAt(FieldMap fields, int position) =>
        (position >= 0 && fields.TextEquals(position, Value, _utf8Value)) == IsEqual;
}
