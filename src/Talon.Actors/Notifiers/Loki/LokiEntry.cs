using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Talon.Actors.Plugins;

namespace Talon.Actors.Notifiers.Loki;

/// <summary>One record as a log line of Loki.</summary>
/// <param name="Labels">
/// What chooses its stream: few values each, all from the configuration and from Talon. What comes with an event never is a label.
/// </param>
/// <param name="Stamp">Nanoseconds since 1970.</param>
/// <param name="Json">What stands in <c>values</c> of the stream: stamp, line, and metadata when they are asked for.</param>
internal sealed record LokiEntry(ImmutableSortedDictionary<string, string> Labels, long Stamp, ReadOnlyMemory<byte> Json)
{
    // Lines are read by people, and never as HTML: what JSON itself needs is escaped, no more.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes the line of a record.</summary>
    /// <param name="withMetadata">Whether the line is the text alone and the other fields are structured metadata; else the line is the whole record as JSON.</param>
    public static LokiEntry Of(Notification record, long stamp, bool withMetadata)
    {
        byte[] value = Write(json =>
        {
            json.WriteStartArray();
            json.WriteStringValue(stamp.ToString(CultureInfo.InvariantCulture));
            if (withMetadata)
            {
                json.WriteStringValue(record.Text);
                WriteMetadata(json, record);
            }
            else
            {
                json.WriteStringValue(Write(line => RecordJson.Write(line, record)));
            }

            json.WriteEndArray();
        });
        return new LokiEntry(LabelsOf(record), stamp, value);
    }

    /// <summary>The body of a push: one stream for each set of labels, its lines by time.</summary>
    public static byte[] Push(IEnumerable<LokiEntry> entries) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("streams");
        foreach (var stream in entries.GroupBy(entry => string.Join('\0', entry.Labels), StringComparer.Ordinal).OrderBy(stream => stream.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteStartObject("stream");
            foreach (var (name, value) in stream.First().Labels)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteStartArray("values");
            foreach (var entry in stream.OrderBy(entry => entry.Stamp))
            {
                json.WriteRawValue(entry.Json.Span, skipInputValidation: true);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static ImmutableSortedDictionary<string, string> LabelsOf(Notification record)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        Add("status", record.Status);
        Add("message", record.Kind);
        Add("rule", Lowered(record.Rule));
        Add("action", Lowered(record.Action));
        Add("actionner", record.Actionner);
        Add("outputtarget", RecordJson.OutputTarget(record));
        return labels.ToImmutable();

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                labels[name] = value;
            }
        }
    }

    private static string Lowered(string name) => name.ToLowerInvariant().Replace(' ', '_');

    // Named as Loki itself names the fields when it takes a line of JSON apart, so that a query finds them either way.
    private static void WriteMetadata(Utf8JsonWriter json, Notification record)
    {
        json.WriteStartObject();
        foreach (var (name, value) in record.Objects)
        {
            Add($"objects_{Name(RecordJson.Title(name))}", value);
        }

        Add("trace_id", record.TraceId);
        Add("rule", record.Rule);
        Add("action", record.Action);
        Add("event", record.Event);
        Add("priority", record.Priority);
        Add("id", record.Id);
        Add("event_key", record.EventKey);
        Add("position", record.IsOfTalon ? "" : record.Position.ToString(CultureInfo.InvariantCulture));
        Add("falco_rule", record.FalcoRule);
        Add("failure_kind", record.FailureKind);
        Add("dry_run", record.DryRun ? "true" : "");
        json.WriteEndObject();

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                json.WriteString(name, value);
            }
        }
    }

    private static string Name(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, Plain))
        {
            write(json);
        }

        return body.ToArray();
    }
}
