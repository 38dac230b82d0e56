using Talon.Rules.Events;
using Talon.Rules.Text;

namespace Talon.Rules.Loading.Compiling;

/// <summary>What was probably meant by a <c>match.priority</c> that cannot be read.</summary>
internal static class PriorityHint
{
    private const string Comparators = "<>=";

    public static string For(string text)
    {
        string plain = text.Replace(" ", "", StringComparison.Ordinal).Replace("≥", ">=", StringComparison.Ordinal).Replace("≤", "<=", StringComparison.Ordinal);
        bool isNegated = plain.StartsWith('!') || plain.StartsWith("not", StringComparison.OrdinalIgnoreCase);
        string rest = isNegated ? plain[(plain[0] == '!' ? 1 : "not".Length)..] : plain;
        int length = rest.AsSpan().IndexOfAnyExcept(Comparators);
        string comparator = (length < 0 ? rest : rest[..length]) switch
        {
            "=>" or ">=" => ">=",
            "=<" or "<=" => "<=",
            "<" => "<",
            ">" => ">",
            _ => "",
        };
        if (length < 0 || Suggest.Nearest(rest[length..], PriorityName.All) is not { } nearest)
        {
            return $"write one of {string.Join(", ", PriorityName.All)}, with <, <=, =, >= or > before it where you mean a range";
        }

        return isNegated
            ? $"put priority: \"{comparator}{nearest}\" under 'match.not' to exclude it"
            : $"did you mean '{comparator}{nearest}'?";
    }
}
