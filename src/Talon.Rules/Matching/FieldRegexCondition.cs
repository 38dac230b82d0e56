using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Talon.Rules.Matching;

/// <summary><c>key regex pattern</c>: the field is there and the regular expression stands for its whole text.</summary>
/// <param name="whole">The expression for whole texts, matched without backtracking.</param>
internal sealed class FieldRegexCondition(string key, string pattern, Regex whole, MatchKeys keys) : FieldTextCondition(key, pattern, keys)
{
    private const int OnStack = 512;

    public override string Word => "regex";

    private protected override bool Passes(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > PatternLimits.LongestText)
        {
            return false;
        }

        // No text has more characters than bytes.
        char[]? rented = utf8.Length > OnStack ? ArrayPool<char>.Shared.Rent(utf8.Length) : null;
        var text = rented is null ? stackalloc char[OnStack] : rented;
        try
        {
            return whole.IsMatch(text[..Encoding.UTF8.GetChars(utf8, text)]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }

    private protected override string Remark(string text) => PatternLimits.Remark(text);
}
