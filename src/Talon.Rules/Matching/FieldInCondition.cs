using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Talon.Rules.Events;
using Talon.Rules.Text;

namespace Talon.Rules.Matching;

/// <summary><c>key in (a, b)</c>: the field is there and its text is one of these. The number of values hardly counts.</summary>
internal sealed class FieldInCondition : FieldCondition
{
    private readonly byte[][] _utf8Values;
    private readonly string[] _values;

    public FieldInCondition(string key, IEnumerable<string> values, MatchKeys keys)
        : base(key, keys)
    {
        _values = [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        _utf8Values = [.. _values.Select(Encoding.UTF8.GetBytes)];
        // Not the order of the texts: UTF-16 sorts characters beyond the basic plane elsewhere.
        Array.Sort(_utf8Values, static (a, b) => a.AsSpan().SequenceCompareTo(b));
    }

    /// <summary>The values, each once, in ordinal order.</summary>
    public ImmutableArray<string> Values => ImmutableCollectionsMarshal.AsImmutableArray(_values);

    public override bool HoldsFor(string? text) => text is not null && Array.BinarySearch(_values, text, StringComparer.Ordinal) >= 0;

    public override string ToString() => $"{Key} in ({string.Join(", ", _values.Select(CanonicalText.ListItem))})";

    private protected override bool HoldsAt(FieldMap fields, int position)
    {
        if (position < 0 || fields.KindAt(position) == FieldKind.Null)
        {
            return false;
        }

        return fields.TryGetUtf8(position, out var utf8) ? Contains(utf8) : HoldsFor(fields.ValueAt(position).Literal);
    }

    private bool Contains(ReadOnlySpan<byte> utf8)
    {
        int low = 0;
        int high = _utf8Values.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = utf8.SequenceCompareTo(_utf8Values[middle]);
            if (order == 0)
            {
                return true;
            }

            (low, high) = order < 0 ? (low, middle - 1) : (middle + 1, high);
        }

        return false;
    }
}
