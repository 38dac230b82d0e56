using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Talon.Actors.Plugins;

namespace Talon.Actors.Notifiers.Elasticsearch;

/// <summary>
/// The body of <c>_bulk</c>: two lines for each record, one that says what to do (<c>create</c>, with the id of the record, so that a repeat adds nothing)
/// and the document.
/// </summary>
internal static class BulkBody
{
    private static readonly JsonWriterOptions Escaped = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>The two lines of a record, each with its line feed.</summary>
    public static byte[] LinesOf(Notification record, ElasticsearchSettings settings)
    {
        using var lines = new MemoryStream();
        using (var json = new Utf8JsonWriter(lines, Escaped))
        {
            json.WriteStartObject();
            json.WriteStartObject("create");
            json.WriteString("_index", IndexOf(record, settings));
            json.WriteString("_id", record.Id);
            json.WriteEndObject();
            json.WriteEndObject();
            json.Flush();
            lines.WriteByte((byte)'\n');
            json.Reset();

            json.WriteStartObject();
            if (settings.DataStream)
            {
                json.WriteString("@timestamp", RecordJson.Time(record));
            }

            RecordJson.WriteFields(json, record);
            json.WriteEndObject();
        }

        lines.WriteByte((byte)'\n');
        return lines.ToArray();
    }

    /// <summary>The whole body.</summary>
    /// <param name="records">The lines of each record.</param>
    public static byte[] Of(ImmutableArray<byte[]> records)
    {
        byte[] body = new byte[records.Sum(lines => lines.Length)];
        int at = 0;
        foreach (byte[] lines in records)
        {
            lines.CopyTo(body, at);
            at += lines.Length;
        }

        return body;
    }

    /// <summary>The index of a record, by its own time in UTC: a late delivery goes where it belongs.</summary>
    public static string IndexOf(Notification record, ElasticsearchSettings settings)
    {
        string? format = settings.Suffix switch
        {
            _ when settings.DataStream => null,
            IndexSuffix.Daily => "yyyy.MM.dd",
            IndexSuffix.Monthly => "yyyy.MM",
            IndexSuffix.Annually => "yyyy",
            _ => null,
        };
        return format is null ? settings.Index : $"{settings.Index}-{record.At.UtcDateTime.ToString(format, CultureInfo.InvariantCulture)}";
    }
}
