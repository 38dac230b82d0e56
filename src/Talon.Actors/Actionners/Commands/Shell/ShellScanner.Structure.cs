namespace Talon.Actors.Actionners.Commands.Shell;

/// <content>Redirections, here-documents, parentheses and arithmetic.</content>
internal sealed partial class ShellScanner
{
    private void Redirection(CommandTrack track)
    {
        if (track.IsNumber)
        {
            track.DropWord();
        }

        if (IsAt(_text, _at, "<<") && !IsAt(_text, _at, "<<<"))
        {
            track.EndWord();
            Announce(track);
            return;
        }

        if (_at + 1 < _text.Length && _text[_at + 1] == '(')
        {
            track.Begin();
            Copy(2);
            Push(new Level(LevelKind.Substitution, new CommandTrack()));
            return;
        }

        track.Redirect();
        int length = IsAt(_text, _at, "<<<") ? 3 : 1;
        if (_at + length < _text.Length && _text[_at + length] is '>' or '&' or '|')
        {
            length++;
        }

        Copy(length);
    }

    private void Announce(CommandTrack track)
    {
        bool strips = IsAt(_text, _at, "<<-");
        Copy(strips ? 3 : 2);
        while (_at < _text.Length && _text[_at] is ' ' or '\t')
        {
            Copy(1);
        }

        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '.' or '-' or '\'' or '"' or '\\'))
        {
            Copy(1);
        }

        string word = _text[start.._at];
        string delimiter = word.Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal);
        if (delimiter.Length == 0)
        {
            Refuse("the end of a here-document is no plain word");
            return;
        }

        _documents.Enqueue(new HereDocument(delimiter, strips, delimiter.Length != word.Length, track.RunsShell));
    }

    private void Documents()
    {
        while (_documents.TryDequeue(out var document))
        {
            while (true)
            {
                int end = LineEnd(_at);
                string line = _text[_at..end];
                if ((document.StripsTabs ? line.TrimStart('\t') : line) == document.Delimiter)
                {
                    Copy(end - _at);
                    break;
                }

                if (end == _text.Length)
                {
                    Refuse("a here-document is not closed");
                    Copy(end - _at);
                    return;
                }

                DocumentLine(document, end + 1);
            }

            if (_documents.Count > 0 && _at < _text.Length)
            {
                Copy(1);
            }
        }
    }

    private void DocumentLine(HereDocument document, int end)
    {
        string line = _text[_at..end];
        bool holdsValue = Values(line).Any();
        if (holdsValue && document.Quoted)
        {
            Refuse(Values(line).First().Written, $"in a here-document in which a shell expands nothing; write <<{document.Delimiter} without quotes");
        }
        else if (holdsValue && document.FeedsShell)
        {
            Refuse(Values(line).First().Written, "in a here-document that a shell reads, where it would be part of its text");
        }
        else if (holdsValue && (line.Contains('`', StringComparison.Ordinal) || line.Contains("$(", StringComparison.Ordinal)))
        {
            Refuse(Values(line).First().Written, "beside a command in a here-document; write x=$(…) before it and use $x there");
        }

        while (_at < end)
        {
            if (_text[_at] == '\\')
            {
                Copy(2);
            }
            else if (!document.Quoted && _text[_at] == '$' && ReferenceAt(out string name, out int length))
            {
                _written.Append("${").Append(Variable(name)).Append('}');
                _at += length;
            }
            else
            {
                Copy(1);
            }
        }
    }

    // A value in the line of a here-document: there it needs no quotes, and must not have any.
    private bool ReferenceAt(out string name, out int length)
    {
        int bare = NameLength(_text, _at + 1);
        int close = _at + 1 < _text.Length && _text[_at + 1] == '{' ? _text.IndexOf('}', _at) : -1;
        (name, length) = bare > 0 ? (_text.Substring(_at + 1, bare), bare + 1) : close > 0 ? (_text[(_at + 2)..close], close + 1 - _at) : ("", 0);
        if (length == 0)
        {
            return false;
        }

        if (_resolve(name) != ShellName.Data && IsValue(name))
        {
            Refuse(_text.Substring(_at, length), "with an operator in a here-document; write x=${FD_NAME} before it and use $x there");
        }

        if (_resolve(name) == ShellName.Unset)
        {
            _unset.Add(name);
        }

        return _resolve(name) == ShellName.Data && name.Any(char.IsAsciiLetterUpper);
    }

    private void Open(CommandTrack track)
    {
        if (IsAt(_text, _at, "(("))
        {
            NoDocumentPending();
            Arithmetic(2);
            return;
        }

        bool isList = track.EndsWithAssignment;
        if (!isList)
        {
            track.EndWord();
        }

        Copy(1);
        Push(new Level(isList ? LevelKind.List : LevelKind.Parentheses, new CommandTrack(isList)));
    }

    private void Close(CommandTrack track)
    {
        NoDocumentPending();
        if (track.HeldCase && Top.Kind != LevelKind.Commands)
        {
            Refuse("a case stands in parentheses, where its patterns cannot be told from their end");
        }

        track.EndCommand();
        Copy(1);
        switch (Top.Kind)
        {
            case LevelKind.Parentheses:
                _levels.Pop();
                Top.Track.EndCommand();
                break;
            case LevelKind.Substitution or LevelKind.List:
                _levels.Pop();
                break;
        }
    }

    // Arithmetic evaluates what its variables hold, and bash runs commands in subscripts: no value may get there.
    private void Arithmetic(int opening)
    {
        int start = _at;
        int depth = 2;
        int end = _at + opening;
        while (end < _text.Length && depth > 0)
        {
            depth += _text[end] switch { '(' => 1, ')' => -1, _ => 0 };
            end++;
        }

        string inside = _text[start..end];
        if (depth > 0 || inside.AsSpan().IndexOfAny("'\"\\`#") >= 0)
        {
            Refuse("arithmetic whose end cannot be told: it has quotes, or is not closed");
        }

        foreach (var reference in Values(inside))
        {
            Refuse(reference.Written, "in arithmetic, which evaluates what a value holds");
        }

        Copy(end - _at);
    }
}
