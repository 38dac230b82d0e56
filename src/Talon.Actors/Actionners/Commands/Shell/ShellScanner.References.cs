using System.Text.RegularExpressions;
using Talon.Rules.Variables;

namespace Talon.Actors.Actionners.Commands.Shell;

/// <content>What begins with a dollar: names, and what may be written around one in braces.</content>
internal sealed partial class ShellScanner
{
    // After the name of a value: operators that take a part of it or give a default, with nothing that would be evaluated again.
    [GeneratedRegex(@"^(:?[-+?]|##?|%%?)[A-Za-z0-9_./,:+=@%*?~ -]*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HarmlessOperator();

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
        if ((_resolve(inside) == ShellName.Data || (_resolve(inside) == ShellName.Unset && length < inside.Length)) && inside.Any(char.IsAsciiLetterUpper))
        {
            Reference(inside, "", whole);
        }
        else if (inside.Length > 1 && inside[0] is '#' or '!' && _resolve(inside[1..]) is ShellName.Data or ShellName.Unset)
        {
            if (inside[0] == '!' && _resolve(inside[1..]) == ShellName.Data)
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
            // The expansion itself handles a name that is not set.
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
}
