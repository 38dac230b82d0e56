using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Talon.Rules.Text;

/// <summary>Texts in an unambiguous, harmless form.</summary>
internal static class CanonicalText
{
    private const int LongestQuote = 120;

    /// <summary>A key and its parts as JSON.</summary>
    public static string Of(string key, ReadOnlySpan<string> parts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = JsonCopy.CompactWriter(buffer))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(key);
            foreach (string part in parts)
            {
                writer.WriteStringValue(part);
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A text, cut when it is long.</summary>
    public static string Shorten(string text) => OneLine.Cut(text, LongestQuote);

    /// <summary>Text from an event or a file in quotes: control and direction characters escaped, long text cut.</summary>
    public static string Quote(string text)
    {
        string shown = Shorten(text);
        return $"'{JsonEncodedText.Encode(shown, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}'";
    }

    /// <summary>A value of a condition as it is written in a rule file, in quotes where it needs them.</summary>
    public static string Operand(string value) => NeedsQuotes(value, ",") ? InQuotes(value) : value;

    /// <summary>The same between the parentheses of <c>in</c>.</summary>
    public static string ListItem(string value) => value.Length == 0 || NeedsQuotes(value, ",()") ? InQuotes(value) : value;

    private static bool NeedsQuotes(string value, string separators) =>
        value.Length > 0
        && (value[0] == '"' || char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1]) || value.AsSpan().ContainsAny(separators));

    // Backslashes count as themselves, but before a quote they are doubled.
    private static string InQuotes(string value)
    {
        var text = new StringBuilder("\"");
        int backslashes = 0;
        foreach (char c in value)
        {
            if (c == '"')
            {
                text.Append('\\', backslashes + 1);
            }

            backslashes = c == '\\' ? backslashes + 1 : 0;
            text.Append(c);
        }

        return text.Append('\\', backslashes).Append('"').ToString();
    }
}
