using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Talon.Host.Logging;

/// <summary>One JSON object a line, fields in the order of Falco Talon, objects nested and sorted.</summary>
internal sealed class JsonLogLineFormatter : ILogLineFormatter
{
    // The relaxed encoder leaves "<NA>" and letters of other scripts readable; control characters it escapes all the same.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Format(in LogEntry entry, IBufferWriter<byte> output)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteString("level", LogFields.Word(entry.Line.Level));
            foreach (var (name, value) in LogFields.BeforeObjects)
            {
                if (value(entry) is { Length: > 0 } text)
                {
                    WriteText(json, name, text);
                }
            }

            if (entry.Line.Attempt > 0)
            {
                json.WriteNumber("attempt", entry.Line.Attempt);
            }

            if (entry.Line.Objects is { IsEmpty: false } objects)
            {
                json.WriteStartObject(LogFields.Objects);
                foreach (var (name, value) in objects)
                {
                    WriteText(json, name, value);
                }

                json.WriteEndObject();
            }

            if (entry.Line.Error is { Length: > 0 } error)
            {
                WriteText(json, "error", error);
            }

            json.WriteString("time", LogFields.Time(entry.Time));
            WriteText(json, "message", entry.Line.Message);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    // The relaxed encoder lets format characters pass, such as those that turn the direction of text on a terminal.
    private static void WriteText(Utf8JsonWriter json, string name, string text) => json.WriteString(Encode(name), Encode(text));

    // By way of UTF-8, where half of a surrogate pair becomes U+FFFD; as UTF-16 it would be refused.
    private static JsonEncodedText Encode(string text) => text.Any(IsFormat)
        ? JsonEncodedText.Encode(Encoding.UTF8.GetBytes(text), JavaScriptEncoder.Default)
        : JsonEncodedText.Encode(text, Options.Encoder);

    private static bool IsFormat(char c) => c > '~' && char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Surrogate;
}
