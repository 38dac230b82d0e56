using System.Text;
using System.Text.RegularExpressions;
using Talon.Rules.Variables;

namespace Talon.Actors.Actionners.Shared.Shell;

/// <summary>
/// Walks through a text for a POSIX shell once and follows its quoting. What it cannot follow it refuses, but only in a text in
/// which a value is named: any other text goes to the shell as it is.
/// </summary>
internal sealed partial class ShellScanner
{
    private readonly string _text;
    private readonly Func<string, ShellName> _resolve;
    private readonly bool _assumed;
    private readonly bool _holdsValues;
    private readonly StringBuilder _written = new();
    private readonly List<string> _names = [];
    private readonly List<string> _unset = [];
    private readonly Stack<Level> _levels = new();
    private readonly Queue<HereDocument> _documents = new();
    private int _at;
    private string? _problem;

    /// <param name="text">The text.</param>
    /// <param name="resolve">What a name stands for.</param>
    /// <param name="assumed">Whether names are only assumed to be set; <c>'$NF'</c> in single quotes is then the program's own.</param>
    public ShellScanner(string text, Func<string, ShellName> resolve, bool assumed)
    {
        _text = text;
        _resolve = resolve;
        _assumed = assumed;
        _holdsValues = Values(text).Any();
        _levels.Push(new Level(LevelKind.Commands, new CommandTrack()));
    }

    private enum LevelKind
    {
        Commands,
        Parentheses,
        Substitution,
        List,
        Quotes,
        Braces,
    }

    private sealed record Level(LevelKind Kind, CommandTrack Track)
    {
        public bool HoldsCommands => Kind is LevelKind.Commands or LevelKind.Parentheses or LevelKind.Substitution or LevelKind.List;

        /// <summary>Whether a brace expansion stands in double quotes.</summary>
        public bool InQuotes { get; init; }
    }

    private Level Top => _levels.Peek();

    public ShellReading Read()
    {
        while (_at < _text.Length && _problem is null)
        {
            switch (Top.Kind)
            {
                case LevelKind.Quotes:
                    StepInQuotes();
                    break;
                case LevelKind.Braces:
                    StepInBraces();
                    break;
                default:
                    StepInCommands();
                    break;
            }
        }

        if (_levels.Count > 1 || _documents.Count > 0)
        {
            Refuse("a quote, bracket or here-document is not closed");
        }

        if (_problem is null && _unset.Count > 0)
        {
            string names = string.Join(", ", _unset.Distinct(StringComparer.Ordinal).Take(5).Select(name => $"'{name}'"));
            _problem = $"not set by the event or its context: {names}; write allow_unset_variables: true to leave such names to the shell, "
                + "and give variables of the shell's own lower-case names";
        }

        return _problem is null ? new ShellReading.Done(_written.ToString(), [.. _names]) : new ShellReading.Refused(_problem);
    }

    /// <summary>How many characters from there make up a name of letters, digits and underscores that does not begin with a digit.</summary>
    internal static int NameLength(string text, int start)
    {
        int end = start;
        while (end < text.Length && (char.IsAsciiLetter(text[end]) || text[end] == '_' || (end > start && char.IsAsciiDigit(text[end]))))
        {
            end++;
        }

        return end - start;
    }

    private static bool IsAt(string text, int at, string what) => string.CompareOrdinal(text, at, what, 0, what.Length) == 0;

    // After the name of a value: what gives a part of it or stands in for it, with nothing in it that would be read again.
    [GeneratedRegex(@"^(:?[-+?]|##?|%%?)[A-Za-z0-9_./,:+=@%*?~ -]*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HarmlessOperator();

    private void StepInCommands()
    {
        char c = _text[_at];
        var track = Top.Track;
        switch (c)
        {
            case '\\':
                Escape(track);
                break;
            case '\'':
                SingleQuotes(track);
                break;
            case '"':
                track.Begin();
                Copy(1);
                Push(new Level(LevelKind.Quotes, track));
                break;
            case '$':
                Dollar();
                break;
            case '`':
                Backquotes(track);
                break;
            case '#' when !track.InWord:
                Copy(LineEnd(_at) - _at);
                break;
            case ' ' or '\t':
                track.EndWord();
                Copy(1);
                break;
            case '\n':
                track.EndCommand();
                Copy(1);
                Documents();
                break;
            case '&' when IsAt(_text, _at, "&>"):
                // Where it is not one sign, a command ends here.
                track.EndCommand();
                track.Redirect();
                Copy(IsAt(_text, _at, "&>>") ? 3 : 2);
                break;
            case ';' or '|' or '&':
                track.EndCommand();
                Copy(1);
                break;
            case '<' or '>':
                Redirection(track);
                break;
            case '(':
                Open(track);
                break;
            case ')':
                Close(track);
                break;
            default:
                track.Append(c);
                Copy(1);
                break;
        }
    }

    private void StepInQuotes()
    {
        var track = Top.Track;
        switch (_text[_at])
        {
            case '"':
                _levels.Pop();
                Copy(1);
                break;
            case '\\':
                Escape(track);
                break;
            case '$':
                Dollar();
                break;
            case '`':
                Backquotes(track);
                break;
            case var c:
                track.Append(c);
                Copy(1);
                break;
        }
    }

    private void StepInBraces()
    {
        var level = Top;
        switch (_text[_at])
        {
            case '}':
                _levels.Pop();
                Copy(1);
                break;
            case '\\':
                Escape(level.Track);
                break;
            case '$':
                Dollar();
                break;
            case '`':
                Backquotes(level.Track);
                break;
            case '\'' or '"' when level.InQuotes:
                Refuse("quotes stand in a ${…} that itself stands in quotes; shells differ there");
                Copy(1);
                break;
            case '\'':
                SingleQuotes(level.Track);
                break;
            case '"':
                Copy(1);
                Push(new Level(LevelKind.Quotes, level.Track));
                break;
            default:
                Copy(1);
                break;
        }
    }

    private void Escape(CommandTrack track)
    {
        if (_at + 1 < _text.Length && _text[_at + 1] != '\n')
        {
            track.Append(_text[_at + 1]);
        }

        Copy(2);
    }

    private void SingleQuotes(CommandTrack track)
    {
        NoDocumentPending();
        track.Begin();
        int end = _text.IndexOf('\'', _at + 1);
        if (end < 0)
        {
            Refuse("a single quote is not closed");
            end = _text.Length - 1;
        }

        string inside = _text[(_at + 1)..Math.Max(end, _at + 1)];
        foreach (var reference in Values(inside))
        {
            if (!_assumed || reference.Written[1] == '{')
            {
                Refuse(reference.Written, "in single quotes, where a shell expands nothing; write it in double quotes, as in 'a '\"${FD_NAME}\"' b'");
            }
        }

        foreach (char c in inside)
        {
            track.Append(c);
        }

        Copy(end + 1 - _at);
    }

    private void Backquotes(CommandTrack track)
    {
        NoDocumentPending();
        track.Begin();
        int end = _at + 1;
        while (end < _text.Length && _text[end] != '`')
        {
            end += _text[end] == '\\' ? 2 : 1;
        }

        if (end >= _text.Length)
        {
            Refuse("a backquote is not closed");
            end = _text.Length - 1;
        }

        foreach (var reference in Values(_text[_at..end]))
        {
            Refuse(reference.Written, "in backquotes; write $(…) instead of `…`");
        }

        Copy(end + 1 - _at);
    }

    private void Dollar()
    {
        char next = _at + 1 < _text.Length ? _text[_at + 1] : '\0';
        var top = Top;
        int length = NameLength(_text, _at + 1);
        if (length > 0)
        {
            Reference(_text.Substring(_at + 1, length), "", length + 1);
        }
        else if (next == '{')
        {
            Braced();
        }
        else if (IsAt(_text, _at, "$(("))
        {
            top.Track.Begin();
            Arithmetic(3);
        }
        else if (next == '(')
        {
            top.Track.Begin();
            Copy(2);
            Push(new Level(LevelKind.Substitution, new CommandTrack()));
        }
        else
        {
            if (next == '[' || (next is '\'' or '"' && top.HoldsCommands))
            {
                Refuse($"it has a $ before {next}, which shells read differently");
            }

            // $1, $?, $$ and the like are the shell's, a $ before anything else is itself.
            top.Track.Append('$');
            Copy(char.IsAsciiDigit(next) || next is '*' or '#' or '$' or '@' or '!' or '?' or '-' ? 2 : 1);
        }
    }

    private void Braced()
    {
        int end = _text.IndexOf('}', _at);
        if (end < 0)
        {
            Refuse("a ${ is not closed");
            Copy(_text.Length - _at);
            return;
        }

        string inside = _text[(_at + 2)..end];
        int whole = end + 1 - _at;
        int length = NameLength(inside, 0);
        string name = inside[..length];
        string after = inside[length..];
        if (_resolve(inside) == ShellName.Data && inside.Any(char.IsAsciiLetterUpper))
        {
            Reference(inside, "", whole);
        }
        else if (inside.Length > 1 && inside[0] is '#' or '!' && _resolve(inside[1..]) == ShellName.Data)
        {
            if (inside[0] == '!')
            {
                Refuse(_text.Substring(_at, whole), "as the name of another variable");
            }

            Reference(inside[1..], "", whole, "#");
        }
        else if (length > 0 && _resolve(name) == ShellName.Data)
        {
            if (!HarmlessOperator().IsMatch(after))
            {
                Refuse(_text.Substring(_at, whole), "with an operator that Talon cannot judge; write x=${FD_NAME} and use $x");
            }

            Reference(name, after, whole);
        }
        else if (length > 0 && after.Length == 0)
        {
            Reference(name, "", whole);
        }
        else
        {
            // It says itself what holds when the name is not set.
            if (length > 0 && _resolve(name) == ShellName.Unset && after.TrimStart(':') is not ['-' or '+' or '?' or '=', ..])
            {
                _unset.Add(name);
            }

            bool inQuotes = Top.Kind == LevelKind.Quotes || Top.InQuotes;
            Top.Track.Begin();
            Copy(2 + length);
            Push(new Level(LevelKind.Braces, Top.Track) { InQuotes = inQuotes });
        }
    }

    private void Reference(string name, string after, int length, string before = "")
    {
        switch (_resolve(name))
        {
            case ShellName.Data:
                string written = _text.Substring(_at, length);
                if (Top.Kind == LevelKind.Braces || _levels.TakeWhile(level => !level.HoldsCommands).Any(level => level.Kind == LevelKind.Braces))
                {
                    Refuse(written, "in another ${…}; write x=${FD_NAME} and use $x there");
                }
                else if (Top.Track.Value() is { } problem)
                {
                    Refuse($"{Place()}{written} {problem}", always: true);
                }

                string variable = $"${{{before}{Variable(name)}{after}}}";
                _written.Append(Top.HoldsCommands ? $"\"{variable}\"" : variable);
                _at += length;
                break;
            case ShellName.Unset:
                _unset.Add(name);
                Top.Track.Begin();
                Copy(length);
                break;
            default:
                Top.Track.Begin();
                Copy(length);
                break;
        }
    }

    private string Variable(string name)
    {
        int index = _names.IndexOf(name);
        if (index < 0)
        {
            index = _names.Count;
            _names.Add(name);
        }

        return ShellText.VariableOf(index);
    }

    // Everything in the text, or in a part of it, that names a value.
    private IEnumerable<TemplatePart.Reference> Values(string text) =>
        TextTemplate.Parse(text).Parts.OfType<TemplatePart.Reference>().Where(reference => IsValue(reference.Name));

    private bool IsValue(string name)
    {
        string bare = name.TrimStart('#', '!');
        return (_resolve(name) == ShellName.Data && name.Any(char.IsAsciiLetterUpper))
            || (NameLength(bare, 0) is > 0 and var length && _resolve(bare[..length]) == ShellName.Data);
    }

    private void Copy(int length)
    {
        int end = Math.Min(_at + length, _text.Length);
        _written.Append(_text, _at, end - _at);
        _at = end;
    }

    private void Push(Level level)
    {
        NoDocumentPending();
        _levels.Push(level);
    }

    // Whether its lines begin after this line or after the end of what is opened now, shells tell in ways of their own.
    private void NoDocumentPending()
    {
        if (_documents.Count > 0)
        {
            Refuse("quotes or brackets follow the announcement of a here-document on its line; put << at the end");
        }
    }

    private int LineEnd(int from) => _text.IndexOf('\n', from) is >= 0 and var end ? end : _text.Length;

    private string Place() => $"line {_text.AsSpan(0, _at).Count('\n') + 1}: ";

    private void Refuse(string written, string where) => Refuse($"{Place()}{written} stands {where}", always: true);

    private void Refuse(string problem, bool always = false)
    {
        if (always || _holdsValues)
        {
            _problem ??= always ? problem : $"{Place()}{problem}; a text that names values of the event must be plain enough to follow";
        }
    }
}
