using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Talon.Rules.Matching;
using Talon.Rules.Text;

namespace Talon.Rules.Loading.Compiling;

/// <summary>Reads one line of <c>match.output_fields</c>. What is not understood is reported, and the line then has no conditions.</summary>
internal sealed class FieldLineReader(string line, MatchKeys keys, Action<string, string?> report)
{
    private const string NotClosed = "close it with ), and put the whole condition in quotes if it stands in [ ], where YAML ends it at a comma";

    // Falco's field names, with arguments in brackets (evt.arg[0], jevt.value[/user/name]) and the names of custom fields.
    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-[]/:$*");

    private int _at;

    /// <summary>The conditions; none when the line cannot be read.</summary>
    public ImmutableArray<FieldCondition> Read()
    {
        var conditions = ImmutableArray.CreateBuilder<FieldCondition>();
        while (true)
        {
            while (_at < line.Length && line[_at] == ' ')
            {
                _at++;
            }

            var condition = OperatorAfterKey() is { } afterKey ? ReadOperator(afterKey) : ReadComparison();
            if (condition is null)
            {
                return [];
            }

            conditions.Add(condition);
            if (_at == line.Length)
            {
                return conditions.ToImmutable();
            }

            // The comma that ended the condition.
            _at++;
        }
    }

    // Where the key ends, if blanks and a word follow it. Null for a comparison with blanks around its sign.
    private int? OperatorAfterKey()
    {
        int keyLength = line.AsSpan(_at).IndexOfAnyExcept(KeyCharacters);
        if (keyLength <= 0)
        {
            return null;
        }

        int keyEnd = _at + keyLength;
        int word = SkipBlanks(keyEnd);
        return word > keyEnd && word < line.Length && char.IsAsciiLetter(line[word]) ? keyEnd : null;
    }

    private FieldCondition? ReadOperator(int keyEnd)
    {
        string key = line[_at..keyEnd];
        int start = SkipBlanks(keyEnd);
        int end = start;
        while (end < line.Length && (char.IsAsciiLetterOrDigit(line[end]) || line[end] == '_'))
        {
            end++;
        }

        string word = line[start..end];
        if (!FieldOperators.All.Contains(word, StringComparer.Ordinal))
        {
            FieldOperators.ReportUnknown(key, word, report);
            return null;
        }

        if (word != FieldOperators.Exists && end < line.Length && !IsBlank(line[end]) && line[end] is not (',' or '(' or '"'))
        {
            report($"there is no blank after '{word}'", $"write {FieldOperators.Form(word)}");
            return null;
        }

        _at = SkipBlanks(end);
        return word switch
        {
            FieldOperators.In => ReadList() is { } values ? new FieldInCondition(key, values, keys) : null,
            FieldOperators.Exists => ReadEnd("'exists'", "it takes no value; only a comma and the next condition may follow")
                ? new FieldExistsCondition(key, keys)
                : null,
            _ => ReadOperand(word) is { } value ? FieldOperators.WithText(key, word, value, keys, report) : null,
        };
    }

    private string? ReadOperand(string word)
    {
        if (_at < line.Length && line[_at] == '"')
        {
            return TryReadQuoted(",", out string quoted) ? NotEmpty(quoted, word) : null;
        }

        return NotEmpty(ReadPlain(","), word) is { } value && !ReportBlankEdge(value) ? value : null;
    }

    private string? NotEmpty(string value, string word)
    {
        if (value.Length > 0)
        {
            return value;
        }

        report($"there is no value after '{word}'", $"write {FieldOperators.Form(word)}{(word == FieldOperators.Cidr ? "" : ", or 'key exists' if any text will do")}");
        return null;
    }

    private List<string>? ReadList()
    {
        if (_at == line.Length || line[_at] != '(')
        {
            report("the values of 'in' are not in parentheses", $"write {FieldOperators.Form(FieldOperators.In)}");
            return null;
        }

        _at = SkipBlanks(_at + 1);
        if (_at < line.Length && line[_at] == ')')
        {
            report("the list of 'in' is empty", $"write {FieldOperators.Form(FieldOperators.In)}");
            return null;
        }

        var values = new List<string>();
        while (ReadListItem() is { } value)
        {
            values.Add(value);
            if (_at == line.Length)
            {
                report("the list of 'in' has no closing parenthesis", NotClosed);
                return null;
            }

            if (line[_at] == ')')
            {
                _at++;
                return ReadEnd("the closing parenthesis", "only a comma and the next condition may follow; put a value with parentheses in double quotes") ? values : null;
            }

            _at = SkipBlanks(_at + 1);
        }

        return null;
    }

    private string? ReadListItem()
    {
        if (_at < line.Length && line[_at] == '"')
        {
            return TryReadQuoted(",)", out string quoted) ? quoted : null;
        }

        string value = ReadPlain(",)");
        if (value.Length == 0)
        {
            bool isOpen = _at == line.Length;
            report(
                isOpen ? "the list of 'in' has no closing parenthesis" : "a value in the list of 'in' is empty",
                isOpen ? NotClosed : "remove the comma, or write \"\" if the empty text is meant");
            return null;
        }

        if (value.Contains('('))
        {
            report($"the value {CanonicalText.Quote(value)} in the list of 'in' has a parenthesis", "close the list with ), or put the value in double quotes");
            return null;
        }

        return ReportBlankEdge(value) ? null : value;
    }

    private FieldEqualsCondition? ReadComparison() =>
        TryReadKey(out string key, out bool isEqual) && TryReadValue(out string value) ? new FieldEqualsCondition(key, isEqual, value, keys) : null;

    private bool TryReadKey(out string key, out bool isEqual)
    {
        key = "";
        isEqual = true;
        int comma = line.IndexOf(',', _at);
        int sign = line.IndexOf('=', _at);
        if (sign < 0 || (comma >= 0 && comma < sign))
        {
            FieldOperators.ReportNoCondition(comma < 0 ? line[_at..] : line[_at..comma], report);
            return false;
        }

        isEqual = sign == _at || line[sign - 1] != '!';
        key = line[_at..(isEqual ? sign : sign - 1)];
        _at = sign + 1;
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

    private bool TryReadValue(out string value)
    {
        if (_at < line.Length && line[_at] == '"')
        {
            return TryReadQuoted(",", out value);
        }

        int comma = line.IndexOf(',', _at);
        int end = comma < 0 ? line.Length : comma;
        value = line[_at..end];
        _at = end;

        // A blank nobody sees would make != hold for every event.
        return !ReportBlankEdge(value);
    }

    private bool ReportBlankEdge(string value)
    {
        bool has = value.Length > 0 && (char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1]));
        if (has)
        {
            report($"the value {CanonicalText.Quote(value)} begins or ends with a blank", "remove the blank, or put the value in double quotes if it is meant");
        }

        return has;
    }

    private string ReadPlain(string ends)
    {
        int length = line.AsSpan(_at).IndexOfAny(ends);
        int end = length < 0 ? line.Length : _at + length;
        string value = line[_at..end].Trim(' ', '\t');
        _at = end;
        return value;
    }

    private bool TryReadQuoted(string ends, out string value)
    {
        var text = new StringBuilder();
        int i = _at + 1;
        bool isClosed = false;
        while (i < line.Length && !isClosed)
        {
            int backslashes = BackslashesAt(i);
            i += backslashes;
            bool isQuote = i < line.Length && line[i] == '"';
            text.Append('\\', isQuote ? backslashes / 2 : backslashes);
            isClosed = isQuote && backslashes % 2 == 0;
            if (i < line.Length && !isClosed)
            {
                text.Append(line[i++]);
            }
        }

        value = text.ToString();
        if (!isClosed)
        {
            report("a quoted value has no closing quote", "close it with \"; before a quote write \\\" for a quote and \\\\ for a backslash");
            return false;
        }

        _at = SkipBlanks(i + 1);
        if (_at < line.Length && !ends.Contains(line[_at]))
        {
            report("there is text after the closing quote of a value", "only a comma and the next condition may follow; write \\\" for a quote inside");
            return false;
        }

        return true;
    }

    private int BackslashesAt(int from)
    {
        int length = line.AsSpan(from).IndexOfAnyExcept('\\');
        return length < 0 ? line.Length - from : length;
    }

    private bool ReadEnd(string after, string hint)
    {
        _at = SkipBlanks(_at);
        bool atEnd = _at == line.Length || line[_at] == ',';
        if (!atEnd)
        {
            report($"there is text after {after}", hint);
        }

        return atEnd;
    }

    private int SkipBlanks(int from)
    {
        while (from < line.Length && IsBlank(line[from]))
        {
            from++;
        }

        return from;
    }

    private static bool IsBlank(char c) => c is ' ' or '\t';
}
