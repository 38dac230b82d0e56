using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Talon.Actors.Telemetry;

namespace Talon.Host.Logging;

/// <summary>A line for people: time, level, message, then <c>error</c> and the other fields in alphabetical order as <c>name=value</c>.</summary>
internal sealed class ConsoleLogLineFormatter(bool color) : ILogLineFormatter
{
    private const string DarkGrey = "\e[90m";
    private const string Red = "\e[31m";
    private const string Green = "\e[32m";
    private const string Yellow = "\e[33m";
    private const string Cyan = "\e[36m";
    private const string Bold = "\e[1m";
    private const string Reset = "\e[0m";

    private readonly StringBuilder _text = new();
    private readonly SortedDictionary<string, string> _fields = new(StringComparer.Ordinal);

    public void Format(in LogEntry entry, IBufferWriter<byte> output)
    {
        _text.Clear();
        Paint(DarkGrey, LogFields.Time(entry.Time));
        _text.Append(' ');
        Paint(LevelColor(entry.Line.Level), LogFields.Letters(entry.Line.Level));
        _text.Append(' ');
        Paint(Bold, entry.Line.Message);

        if (entry.Line.Error is { Length: > 0 } error)
        {
            AppendField("error", error, isError: true);
        }

        foreach (var (name, value) in Collect(entry))
        {
            AppendField(name, value, isError: false);
        }

        _text.Append('\n');
        foreach (var chunk in _text.GetChunks())
        {
            Encoding.UTF8.GetBytes(chunk.Span, output);
        }
    }

    private static string LevelColor(LogLineLevel level) => level switch
    {
        LogLineLevel.Info => Green,
        LogLineLevel.Warn => Yellow,
        _ => Red,
    };

    private SortedDictionary<string, string> Collect(in LogEntry entry)
    {
        _fields.Clear();
        foreach (var (name, value) in LogFields.BeforeObjects)
        {
            if (value(entry) is { Length: > 0 } text)
            {
                _fields[name] = text;
            }
        }

        if (entry.Line.Attempt > 0)
        {
            _fields["attempt"] = entry.Line.Attempt.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (name, value) in entry.Line.Objects ?? ImmutableSortedDictionary<string, string>.Empty)
        {
            _fields[$"{LogFields.Objects}.{name}"] = value;
        }

        return _fields;
    }

    private void AppendField(string name, string value, bool isError)
    {
        _text.Append(' ');
        if (!color)
        {
            ConsoleQuoting.Append(_text, name);
            _text.Append('=');
            ConsoleQuoting.Append(_text, value);
            return;
        }

        _text.Append(Cyan);
        ConsoleQuoting.Append(_text, name);
        _text.Append('=').Append(Reset);
        if (isError)
        {
            _text.Append(Bold).Append(Red);
            ConsoleQuoting.Append(_text, value);
            _text.Append(Reset);
        }
        else
        {
            ConsoleQuoting.Append(_text, value);
        }
    }

    private void Paint(string code, string text)
    {
        if (color)
        {
            _text.Append(code).Append(text).Append(Reset);
        }
        else
        {
            _text.Append(text);
        }
    }
}
