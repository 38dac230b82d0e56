using System.Text;
using System.Text.RegularExpressions;

namespace Talon.Actors.Actionners.Commands.Shell;

/// <summary>
/// Scans a text for a POSIX shell once and follows its quoting. It refuses what it cannot follow, but only in a text that names a
/// value: any other text goes to the shell as it is.
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

        if (DeclaresNumbersOrNames().IsMatch(_text))
        {
            Refuse("it declares variables with -i or -n, whose values bash evaluates");
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

    /// <summary>The length of the name that begins there: letters, digits and underscores, not a digit first.</summary>
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

    [GeneratedRegex(@"\b(declare|typeset|local|readonly|export)\b[^\n;|&]*\s[-+][A-Za-z]*[in]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DeclaresNumbersOrNames();

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
