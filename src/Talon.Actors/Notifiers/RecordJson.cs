using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Talon.Actors.Plugins;

namespace Talon.Actors.Notifiers;

/// <summary>
/// A record as JSON: the keys of the original, in its order, and behind them those that it did not have (<c>id</c>, <c>event_key</c>, <c>position</c>,
/// <c>falco_rule</c>, <c>failure_kind</c>, <c>dry_run</c>). What is empty is left out.
/// </summary>
internal static class RecordJson
{
    // As the original escapes: what means something in HTML, and nothing that is a letter somewhere.
    private static readonly JsonWriterOptions Escaped = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>The record as one line of UTF-8, without a line break.</summary>
    public static byte[] ToUtf8(Notification record)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, Escaped))
        {
            Write(json, record);
        }

        return body.ToArray();
    }

    /// <summary>Writes the record as an object.</summary>
    /// <param name="json">The writer; how texts are escaped is its matter.</param>
    public static void Write(Utf8JsonWriter json, Notification record)
    {
        json.WriteStartObject();
        WriteFields(json, record);
        json.WriteEndObject();
    }

    /// <summary>Writes the fields of the record into the object that is open.</summary>
    public static void WriteFields(Utf8JsonWriter json, Notification record)
    {
        json.WriteString("time", Time(record));
        WriteObjects(json, record);
        WriteText(json, "trace_id", record.TraceId);
        WriteText(json, "rule", record.Rule);
        WriteText(json, "event", record.Event);
        WriteText(json, "message", record.Kind);
        WriteText(json, "priority", record.Priority);
        WriteText(json, TextKey(record), record.Text);
        WriteText(json, "output_target", OutputTarget(record));
        WriteText(json, "actionner", record.Actionner);
        WriteText(json, "action", record.Action);
        WriteText(json, "status", record.Status);
        WriteText(json, "id", record.Id);
        if (!record.IsOfTalon)
        {
            WriteText(json, "event_key", record.EventKey);
            json.WriteNumber("position", record.Position);
        }

        WriteText(json, "falco_rule", record.FalcoRule);
        WriteText(json, "failure_kind", record.FailureKind);
        if (record.DryRun)
        {
            json.WriteBoolean("dry_run", true);
        }
    }

    /// <summary>The time of the record, RFC 3339 in UTC with milliseconds.</summary>
    public static string Time(Notification record) => record.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Under which key the text of the record stands: <c>error</c>, <c>result</c> (why nothing was done) or <c>output</c>.</summary>
    public static string TextKey(Notification record) => record.Status switch
    {
        "failure" => "error",
        "ignored" => "result",
        _ => "output",
    };

    /// <summary>Which output a record tells of; empty when it tells of something else.</summary>
    public static string OutputTarget(Notification record) => record.Kind == "output" ? record.Artifact?.Target ?? "" : "";

    /// <summary>The name of an object as the original shows it: in lower case, but the first letter of each word.</summary>
    public static string Title(string name)
    {
        var title = new StringBuilder(name.Length);
        foreach (char c in name)
        {
            bool begins = title.Length == 0 || !(char.IsLetterOrDigit(title[^1]) || title[^1] is '_' or '\'');
            title.Append(begins ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c));
        }

        return title.ToString();
    }

    private static void WriteObjects(Utf8JsonWriter json, Notification record)
    {
        if (record.Objects.IsEmpty)
        {
            return;
        }

        json.WriteStartObject("objects");
        foreach (var (name, value) in record.Objects)
        {
            json.WriteString(Title(name), value);
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }
}
