namespace Talon.Actors.Actionners.Commands.Shell;

/// <content>Quotes of every kind, in which a shell reads a name in its own way or not at all.</content>
internal sealed partial class ShellScanner
{
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
}
