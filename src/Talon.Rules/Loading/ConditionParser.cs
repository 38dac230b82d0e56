using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Talon.Rules.Matching;

namespace Talon.Rules.Loading;

/// <summary>Reads the lines of <c>match.output_fields</c> and <c>match.tags</c>. What is not understood is refused: a condition is never dropped.</summary>
internal static class ConditionParser
{
    // Falco's field names, with arguments in brackets (evt.arg[0], jevt.value[/user/name]) and the names of custom fields.
    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-[]/:$*");

    private static readonly SearchValues<char> TagCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    /// <summary>Reads <c>key=value, key!=value</c>. A value in double quotes may contain commas and begin or end with blanks; within them <c>\"</c> is a quote.</summary>
    public static ImmutableArray<FieldCondition> Fields(string line, MatchKeys keys, Action<string, string?> report)
    {
        var conditions = ImmutableArray.CreateBuilder<FieldCondition>();
        int at = 0;
        while (true)
        {
            while (at < line.Length && line[at] == ' ')
            {
                at++;
            }

            if (!TryReadKey(line, ref at, out string key, out bool isEqual, report)
                || !TryReadValue(line, ref at, out string value, report))
            {
                return [];
            }

            conditions.Add(new FieldCondition(key, isEqual, value, keys));
            if (at == line.Length)
            {
                return conditions.ToImmutable();
            }

            // The comma that ended the value.
            at++;
        }
    }

    /// <summary>Reads <c>tag, tag</c>.</summary>
    public static ImmutableArray<string> Tags(string line, Action<string, string?> report)
    {
        var tags = ImmutableArray.CreateBuilder<string>();
        foreach (string part in line.Split(','))
        {
            string tag = part.Replace(" ", "", StringComparison.Ordinal);
            if (tag.Length == 0)
            {
                report("a tag is empty", "remove the comma or name the tag");
                return [];
            }

            if (tag.AsSpan().ContainsAnyExcept(TagCharacters) || !char.IsAsciiLetterOrDigit(tag[^1]))
            {
                report($"{CanonicalText.Quote(tag)} is no tag", "tags are letters, digits, '_', '.' and '-', with a letter or digit at the end");
                return [];
            }

            tags.Add(tag);
        }

        return tags.ToImmutable();
    }

    private static bool TryReadKey(string line, ref int at, out string key, out bool isEqual, Action<string, string?> report)
    {
        key = "";
        isEqual = true;
        int comma = line.IndexOf(',', at);
        int sign = line.IndexOf('=', at);
        if (sign < 0 || (comma >= 0 && comma < sign))
        {
            string piece = comma < 0 ? line[at..] : line[at..comma];
            if (string.IsNullOrWhiteSpace(piece))
            {
                report("a condition is empty", "remove the comma or write key=value after it");
            }
            else
            {
                report($"{CanonicalText.Quote(piece)} is no condition", "write key=value or key!=value; put a value with a comma in double quotes");
            }

            return false;
        }

        isEqual = sign == at || line[sign - 1] != '!';
        key = line[at..(isEqual ? sign : sign - 1)];
        at = sign + 1;
        if (key.Length == 0)
        {
            report("a condition names no field", "write key=value or key!=value");
            return false;
        }

        if (key.AsSpan().ContainsAnyExcept(KeyCharacters))
        {
            report(
                $"{CanonicalText.Quote(key)} is no name of a field",
                key.EndsWith(' ') ? "write key=value without blanks around the sign" : "names of fields are letters, digits and . _ - [ ] / : $ *");
            return false;
        }

        return true;
    }

    private static bool TryReadValue(string line, ref int at, out string value, Action<string, string?> report)
    {
        if (at < line.Length && line[at] == '"')
        {
            return TryReadQuoted(line, ref at, out value, report);
        }

        int comma = line.IndexOf(',', at);
        int end = comma < 0 ? line.Length : comma;
        value = line[at..end];
        at = end;

        // A blank nobody sees would make != hold for every event.
        if (value.Length > 0 && (char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1])))
        {
            report($"the value {CanonicalText.Quote(value)} begins or ends with a blank", "remove the blank, or put the value in double quotes if it is meant");
            return false;
        }

        return true;
    }

    private static bool TryReadQuoted(string line, ref int at, out string value, Action<string, string?> report)
    {
        var text = new StringBuilder();
        int i = at + 1;
        while (i < line.Length && line[i] != '"')
        {
            if (line[i] == '\\' && i + 1 < line.Length && line[i + 1] == '"')
            {
                i++;
            }

            text.Append(line[i]);
            i++;
        }

        value = text.ToString();
        if (i == line.Length)
        {
            report("a quoted value has no closing quote", "close it with \"");
            return false;
        }

        int end = i + 1;
        while (end < line.Length && line[end] == ' ')
        {
            end++;
        }

        if (end < line.Length && line[end] != ',')
        {
            report("there is text after the closing quote of a value", "only a comma and the next condition may follow; write \\\" for a quote inside");
            return false;
        }

        at = end;
        return true;
    }
}
