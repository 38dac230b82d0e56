using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace Talon.Actors.Actionners.Commands.Shell;

/// <summary>
/// Follows the words of simple commands, to know where a value must not stand: where the shell itself would read it again as
/// code, as a name or as arithmetic. What other programs do with their arguments is not checked.
/// </summary>
internal sealed partial class CommandTrack(bool isList = false)
{
    private static readonly FrozenSet<string> Shells = Set("sh", "bash", "dash", "ash", "ksh", "mksh", "zsh", "csh", "tcsh", "fish", "su");

    /// <summary>After these a command follows.</summary>
    private static readonly FrozenSet<string> Leading = Set(
        "!", "{", "if", "then", "else", "elif", "while", "until", "do", "time", "exec", "command", "builtin", "env", "nohup", "sudo", "busybox");

    /// <summary>These read arguments as code, as names of variables or as arithmetic.</summary>
    private static readonly FrozenSet<string> Evaluating = Set(
        "eval", "source", ".", "trap", "alias", "let", "read", "unset", "mapfile", "readarray", "declare", "typeset", "getopts", "enable", "wait", "bind",
        "complete", "compgen", "coproc", "[[", "((");

    /// <summary>Other programs that take code as their first argument, or behind -c and -e.</summary>
    private static readonly FrozenSet<string> Interpreters = Set("python", "python2", "python3", "perl", "ruby", "node", "php", "lua", "awk", "gawk", "mawk", "sed");

    /// <summary>What a shell evaluates or runs where these are set.</summary>
    private static readonly FrozenSet<string> Dangerous = Set("PS1", "PS2", "PS4", "ENV", "BASH_ENV", "PROMPT_COMMAND", "PATH", "IFS", "LD_PRELOAD", "LD_LIBRARY_PATH");

    /// <summary>These take assignments as arguments.</summary>
    private static readonly FrozenSet<string> Assigning = Set("export", "readonly", "local");

    private readonly StringBuilder _word = new();
    private string? _command;
    private string? _firstArgument;
    private string? _lastArgument;
    private bool _lastHeldValue;
    private bool _holdsValue;
    private bool _inRedirect;
    private bool _codeFollows;
    private bool _optionSeen;
    private bool _operandSeen;

    public bool InWord { get; private set; }

    /// <summary>Whether a shell is among the words: what it reads is code.</summary>
    public bool RunsShell { get; private set; }

    /// <summary>Whether the current word is <c>name=</c> so far.</summary>
    public bool EndsWithAssignment => InWord && Assignment().Match(_word.ToString()) is { Success: true } match && match.Length == _word.Length;

    /// <summary>Whether the current word is a number: before a redirection it is a file descriptor.</summary>
    public bool IsNumber => InWord && _word.Length > 0 && _word.ToString().All(char.IsAsciiDigit);

    /// <summary>Whether there was a <c>case</c>.</summary>
    public bool HeldCase { get; private set; }

    public void Append(char c)
    {
        InWord = true;
        _word.Append(c);
    }

    /// <summary>A quote or an expansion: part of the word, its text unknown or none.</summary>
    public void Begin() => InWord = true;

    /// <summary>Puts a value into the current word. Null, or why it must not stand there.</summary>
    public string? Value()
    {
        string? problem = isList || _inRedirect ? null : Problem();
        InWord = true;
        _holdsValue = true;
        return problem;
    }

    public void DropWord()
    {
        _word.Clear();
        InWord = false;
        _holdsValue = false;
    }

    public void EndWord()
    {
        if (!InWord)
        {
            return;
        }

        string word = _word.ToString();
        if (_inRedirect)
        {
            _inRedirect = false;
        }
        else if (!isList)
        {
            Take(word);
        }

        DropWord();
    }

    public void Redirect()
    {
        EndWord();
        _inRedirect = true;
    }

    public void EndCommand()
    {
        EndWord();
        if (isList)
        {
            return;
        }

        _command = _firstArgument = _lastArgument = null;
        _lastHeldValue = _inRedirect = _codeFollows = _optionSeen = _operandSeen = RunsShell = false;
    }

    private static FrozenSet<string> Set(params string[] words) => words.ToFrozenSet(StringComparer.Ordinal);

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\+?=", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Assignment();

    private string? Problem()
    {
        string word = _word.ToString();
        bool assigns = Assignment().IsMatch(word);
        if (assigns && (_command is null || Assigning.Contains(_command)) && Dangerous.Contains(word[..word.IndexOf('=', StringComparison.Ordinal)].TrimEnd('+')))
        {
            return "would be evaluated by the shell, or decide what it runs: that is what the variable is for";
        }

        if (_command is null)
        {
            return assigns ? null : "would name the program to run";
        }

        if (_codeFollows)
        {
            return "would be part of the text of another shell; hand it over as an argument: sh -c 'ls -- \"$1\"' sh \"${FD_NAME}\"";
        }

        if (Evaluating.Contains(_command))
        {
            return $"would be read again by {_command}, as code or as a name";
        }

        if (Assigning.Contains(_command))
        {
            return assigns && !_optionSeen ? null : $"would be read again by {_command}, as a name or a number; write {_command} name=${{FD_NAME}}, without options";
        }

        return _command switch
        {
            "printf" when _firstArgument is null || _firstArgument.StartsWith('-') =>
                "would be the format of printf, or an option of it; write printf '%s\\n' ${FD_NAME}",
            "[" or "test" when _lastHeldValue || _lastArgument is "-v" or "-R" => "might be read as the name of a variable by the test",
            _ when Interpreters.Contains(_command) && (!_operandSeen || (_lastArgument is ['-', ..] last && last.AsSpan().IndexOfAny('c', 'e', 'E') > 0)) =>
                $"would be part of the code for {_command}; hand it over as an argument behind the code, or in its environment: name=${{FD_NAME}} {_command} …",
            _ => null,
        };
    }

    private void Take(string word)
    {
        string name = word[(word.LastIndexOf('/') + 1)..];
        RunsShell |= Shells.Contains(name);
        if (_command is null)
        {
            // Options belong to a leading word: no command begins so.
            if (!Assignment().IsMatch(word) && !Leading.Contains(name) && !word.StartsWith('-'))
            {
                _command = name;
                HeldCase |= name == "case";
            }

            return;
        }

        if ((_command == "case" && word == "in") || (_command == "function" && word == "{"))
        {
            _command = null;
            return;
        }

        // What follows -c is code; a second word after it is an argument of that code.
        bool isOption = word.StartsWith('-') && word.Length > 1;
        _codeFollows = RunsShell && isOption && (word.StartsWith("--", StringComparison.Ordinal) ? word == "--command" : word.Contains('c', StringComparison.Ordinal));
        _optionSeen |= isOption;
        _operandSeen |= !isOption;
        _firstArgument ??= word;
        _lastArgument = word;
        _lastHeldValue = _holdsValue;
    }
}
