using System.Text;

namespace Talon.Rules.Matching;

/// <summary>
/// <c>key contains text</c> and <c>key icontains text</c>: the field is there and this text is somewhere in its own. For
/// <c>icontains</c>, A to Z are a to z; other letters are as they are written, as in Falco.
/// </summary>
internal sealed class FieldContainsCondition : FieldTextCondition
{
    private readonly byte[] _part;
    private readonly int[] _fallbacks = [];

    public FieldContainsCondition(string key, string part, bool ignoresCase, MatchKeys keys)
        : base(key, ignoresCase ? LowerAscii(part) : part, keys)
    {
        IgnoresCase = ignoresCase;
        _part = Encoding.UTF8.GetBytes(Operand);
        if (ignoresCase)
        {
            _fallbacks = FallbacksOf(_part);
        }
    }

    public bool IgnoresCase { get; }

    public override string Word => IgnoresCase ? "icontains" : "contains";

    private protected override bool Passes(ReadOnlySpan<byte> utf8) => IgnoresCase ? ContainsInAnyCase(utf8) : utf8.IndexOf(_part) >= 0;

    // Knuth, Morris and Pratt: each byte is read once or twice, whatever the texts are. Where nothing is matched yet, the
    // first byte is looked for at once.
    private bool ContainsInAnyCase(ReadOnlySpan<byte> utf8)
    {
        byte first = _part[0];
        byte firstUpper = char.IsAsciiLetterLower((char)first) ? (byte)(first - 32) : first;
        int matched = 0;
        for (int i = 0; i < utf8.Length; i++)
        {
            if (matched == 0)
            {
                int ahead = utf8[i..].IndexOfAny(first, firstUpper);
                if (ahead < 0)
                {
                    return false;
                }

                i += ahead;
            }

            byte current = utf8[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(utf8[i] + 32) : utf8[i];
            while (matched > 0 && current != _part[matched])
            {
                matched = _fallbacks[matched - 1];
            }

            matched += current == _part[matched] ? 1 : 0;
            if (matched == _part.Length)
            {
                return true;
            }
        }

        return false;
    }

    // For each beginning of the text, how long a shorter beginning it ends with.
    private static int[] FallbacksOf(byte[] part)
    {
        int[] fallbacks = new int[part.Length];
        int matched = 0;
        for (int i = 1; i < part.Length; i++)
        {
            while (matched > 0 && part[i] != part[matched])
            {
                matched = fallbacks[matched - 1];
            }

            matched += part[i] == part[matched] ? 1 : 0;
            fallbacks[i] = matched;
        }

        return fallbacks;
    }

    private static string LowerAscii(string text) =>
        string.Create(text.Length, text, static (lower, from) =>
        {
            for (int i = 0; i < from.Length; i++)
            {
                lower[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] + 32) : from[i];
            }
        });
}
