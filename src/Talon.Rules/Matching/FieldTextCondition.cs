using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Talon.Rules.Events;
using Talon.Rules.Text;

namespace Talon.Rules.Matching;

/// <summary>A condition with a word and one text, which tests the bytes of the field's text: the field is there and passes.</summary>
internal abstract class FieldTextCondition : FieldCondition
{
    private const int OnStack = 512;

    private protected FieldTextCondition(string key, string operand, MatchKeys keys)
        : base(key, keys) => Operand = operand;

    /// <summary>The text after the word, never empty.</summary>
    public string Operand { get; }

    /// <summary>The word, as rule files have it.</summary>
    public abstract string Word { get; }

    public sealed override bool HoldsFor(string? text)
    {
        if (text is null)
        {
            return false;
        }

        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[]? rented = most > OnStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        var utf8 = rented is null ? stackalloc byte[OnStack] : rented;
        try
        {
            Utf8.FromUtf16(text, utf8, out _, out int length);
            return Passes(utf8[..length]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    public sealed override string ToString() => $"{Key} {Word} {CanonicalText.Operand(Operand)}";

    /// <summary>Whether a field with this text passes.</summary>
    private protected abstract bool Passes(ReadOnlySpan<byte> utf8);

    private protected sealed override bool HoldsAt(FieldMap fields, int position)
    {
        if (position < 0 || fields.KindAt(position) == FieldKind.Null)
        {
            return false;
        }

        return fields.TryGetUtf8(position, out var utf8) ? Passes(utf8) : HoldsFor(fields.ValueAt(position).Literal);
    }
}
