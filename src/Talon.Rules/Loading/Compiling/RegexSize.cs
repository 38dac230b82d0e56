namespace Talon.Rules.Loading.Compiling;

/// <summary>
/// How large the counted repetitions of a regular expression are when they are written out: the automaton that matches it grows
/// with them, and <c>((a{9}){9}){9}</c> is short. An estimate from above, for any text whatever.
/// </summary>
internal static class RegexSize
{
    private const long Largest = 1_000_000;

    /// <summary>The number of characters, of all repetitions together.</summary>
    public static long WrittenOut(string pattern)
    {
        // Of each open group: its size, what of it is written out, and the same for its last piece.
        var groups = new Stack<(long Size, long Written)>();
        (long Size, long Written) group = (0, 0);
        (long Size, long Written) last = (0, 0);
        int at = 0;
        while (at < pattern.Length)
        {
            switch (pattern[at])
            {
                case '(':
                    groups.Push(Join(group, last));
                    (group, last) = ((0, 0), (0, 0));
                    at++;
                    break;
                case ')':
                    last = Join(group, last);
                    group = groups.TryPop(out var outer) ? outer : (0, 0);
                    at++;
                    break;
                case '{' when TryCount(pattern, at, out long times, out int end):
                    last = times > 1 ? (Capped(last.Size * times), Capped(last.Size * times)) : last;
                    at = end;
                    break;
                case '*' or '+' or '?':
                    at++;
                    break;
                case '|':
                    (group, last) = (Join(group, last), (0, 0));
                    at++;
                    break;
                default:
                    (group, last) = (Join(group, last), (1, 0));
                    at = EndOfCharacter(pattern, at);
                    break;
            }
        }

        group = Join(group, last);
        while (groups.TryPop(out var open))
        {
            group = Join(open, group);
        }

        return group.Written;
    }

    private static (long Size, long Written) Join((long Size, long Written) one, (long Size, long Written) two) =>
        (Capped(one.Size + two.Size), Capped(one.Written + two.Written));

    private static long Capped(long size) => Math.Min(size, Largest);

    // {n}, {n,} and {n,m}; anything else in braces is text.
    private static bool TryCount(string pattern, int open, out long times, out int end)
    {
        times = 0;
        end = pattern.IndexOf('}', open) + 1;
        var inside = end == 0 ? "" : pattern.AsSpan(open + 1, end - open - 2);
        int comma = inside.IndexOf(',');
        var least = comma < 0 ? inside : inside[..comma];
        var most = comma < 0 ? least : inside[(comma + 1)..];
        if (least.IsEmpty || least.ContainsAnyExceptInRange('0', '9') || most.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        times = Math.Max(Number(least), most.IsEmpty ? 0 : Number(most));
        return true;
    }

    private static long Number(ReadOnlySpan<char> digits) => long.TryParse(digits, out long number) ? Capped(number) : Largest;

    // An escape, a set in brackets, or a plain character.
    private static int EndOfCharacter(string pattern, int at)
    {
        if (pattern[at] == '\\')
        {
            return at + 2;
        }

        if (pattern[at] != '[')
        {
            return at + 1;
        }

        int next = at + 1;
        next += next < pattern.Length && pattern[next] == '^' ? 1 : 0;
        next += next < pattern.Length && pattern[next] == ']' ? 1 : 0;
        while (next < pattern.Length && pattern[next] != ']')
        {
            next = pattern[next] == '[' && pattern[next - 1] == '-' ? EndOfCharacter(pattern, next) : next + (pattern[next] == '\\' ? 2 : 1);
        }

        return next + 1;
    }
}
