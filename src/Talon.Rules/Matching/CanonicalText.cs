using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Talon.Rules.Json;

namespace Talon.Rules.Matching;

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

    /// <summary>Text from an event or a file in quotes: control and direction characters escaped, long text cut.</summary>
    public static string Quote(string text)
    {
        string shown = text.Length > LongestQuote ? text[..CutOf(text)] + "…" : text;
        return $"'{JsonEncodedText.Encode(shown, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}'";
    }

    // Half a surrogate pair cannot be encoded.
    private static int CutOf(string text) => char.IsHighSurrogate(text[LongestQuote - 1]) ? LongestQuote - 1 : LongestQuote;
}
