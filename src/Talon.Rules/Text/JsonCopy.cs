using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Talon.Rules.Text;

/// <summary>Writes parts of a well-formed JSON text again: compact, numbers with their literal text, strings without lone surrogates.</summary>
internal static class JsonCopy
{
    /// <summary>Deeper than any event or plan may be.</summary>
    public const int MaxDepth = 256;

    private static readonly JsonWriterOptions CompactOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = MaxDepth };

    /// <summary>A writer of compact JSON that escapes no more than it must.</summary>
    public static Utf8JsonWriter CompactWriter(IBufferWriter<byte> destination) => new(destination, CompactOptions);

    /// <summary>The compact text of one value.</summary>
    /// <param name="sortNames">Whether the names of objects are sorted, at every depth.</param>
    public static string Compact(ReadOnlySpan<byte> json, bool sortNames = false)
    {
        var buffer = new ArrayBufferWriter<byte>(json.Length + 16);
        using (var writer = CompactWriter(buffer))
        {
            Write(json, writer, sortNames);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes one value.</summary>
    /// <param name="sortNames">Whether the names of objects are sorted, at every depth.</param>
    public static void Write(ReadOnlySpan<byte> json, Utf8JsonWriter writer, bool sortNames = false)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        WriteValue(json, ref reader, writer, sortNames);
    }

    private static void WriteValue(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, Utf8JsonWriter writer, bool sortNames)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject when sortNames:
                WriteSorted(json, ref reader, writer);
                break;
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    writer.WritePropertyName(JsonText.Decode(reader.ValueSpan, reader.ValueIsEscaped));
                    reader.Read();
                    WriteValue(json, ref reader, writer, sortNames);
                }

                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    WriteValue(json, ref reader, writer, sortNames);
                }

                writer.WriteEndArray();
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(JsonText.Decode(reader.ValueSpan, reader.ValueIsEscaped));
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }

    private static void WriteSorted(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        var members = new SortedDictionary<string, (int Start, int End)>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = JsonText.Decode(reader.ValueSpan, reader.ValueIsEscaped);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            members[name] = (start, (int)reader.BytesConsumed);
        }

        writer.WriteStartObject();
        foreach (var (name, (start, end)) in members)
        {
            writer.WritePropertyName(name);
            Write(json[start..end], writer, sortNames: true);
        }

        writer.WriteEndObject();
    }
}
