using System.Text;
using Talon.Rules.Events;
using Talon.Rules.Text;

namespace Talon.Rules.Matching;

/// <summary><c>key startswith text</c>: the field is there and its text begins with this one, which is never empty.</summary>
internal sealed class FieldStartsWithCondition(string key, string prefix, MatchKeys keys) : FieldCondition(key, keys)
{
    private readonly byte[] _utf8Prefix = Encoding.UTF8.GetBytes(prefix);

    public string Prefix { get; } = prefix;

    public override bool HoldsFor(string? text) => text is not null && text.StartsWith(Prefix, StringComparison.Ordinal);

    public override string ToString() => $"{Key} startswith {CanonicalText.Operand(Prefix)}";

    private protected override bool HoldsAt(FieldMap fields, int position)
    {
        if (position < 0 || fields.KindAt(position) == FieldKind.Null)
        {
            return false;
        }

        return fields.TryGetUtf8(position, out var utf8) ? utf8.StartsWith(_utf8Prefix) : HoldsFor(fields.ValueAt(position).Literal);
    }
}
