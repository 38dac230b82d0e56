using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Talon.Actors.Plugins;

namespace Talon.Actors.Notifiers.Slack;

/// <summary>
/// A record as the body of an incoming webhook: a headline and one attachment, as in the original.
/// https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments
/// </summary>
internal static class SlackMessage
{
    // Slack cuts a text at 40,000 characters and a footer at 300, without saying so; these keep a whole message, which also counts, far below.
    private const int LongestFooter = 300;
    private const int LongestLine = 600;
    private const int LongestObject = 300;
    private const int LongestBlock = 3000;
    private const int MostObjects = 20;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body, UTF-8.</summary>
    public static byte[] ToUtf8(Notification record, SlackSettings settings)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, Options))
        {
            Write(json, record, settings);
        }

        return body.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Notification record, SlackSettings settings)
    {
        string headline = Headline(record, settings.IsShort);
        json.WriteStartObject();
        WriteText(json, "text", settings.IsShort ? "" : headline);
        WriteText(json, "username", settings.Username);
        WriteText(json, "icon_url", settings.Icon);
        json.WriteStartArray("attachments");
        json.WriteStartObject();
        json.WriteString("fallback", "");
        json.WriteString("color", Color(record.Status));
        json.WriteStartArray("mrkdwn_in");
        json.WriteStringValue("text");
        json.WriteStringValue("fields");
        json.WriteEndArray();
        if (settings.IsShort)
        {
            json.WriteString("text", headline);
            json.WriteNull("fields");
        }
        else
        {
            WriteText(json, "footer", SlackText.Escaped(settings.Footer, LongestFooter));
            json.WriteStartArray("fields");
            WriteFields(json, record);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Headline(Notification record, bool isAlone)
    {
        var line = new StringBuilder($"[*{record.Status.ToUpperInvariant()}*][*{record.Kind.ToUpperInvariant()}*]");
        Add("Rule", record.Rule);
        Add("Action", record.Action);
        Add("OutputTarget", RecordJson.OutputTarget(record));

        // Without rule and action nothing else says what it is about.
        Add("Error", isAlone && record.IsOfTalon ? record.Text : "");
        return line.ToString();

        void Add(string label, string value)
        {
            if (value.Length > 0)
            {
                line.Append(' ').Append(label).Append(": ").Append(SlackText.Inline(value, LongestLine));
            }
        }
    }

    private static void WriteFields(Utf8JsonWriter json, Notification record)
    {
        WriteLine(json, "Rule", record.Rule);
        WriteLine(json, "Action", record.Action);
        WriteLine(json, "Actionner", record.Actionner, isShort: true);
        WriteLine(json, "Status", record.Status, isShort: true);
        foreach (var (name, value) in record.Objects.Take(MostObjects))
        {
            WriteField(json, SlackText.Escaped(RecordJson.Title(name), LongestObject), SlackText.Inline(value, LongestObject), isShort: true);
        }

        if (record.Objects.Count > MostObjects)
        {
            WriteField(json, "Objects", $"[cut: {record.Objects.Count} in all]", isShort: true);
        }

        WriteBlock(json, "Event", record.Event, "");
        WriteLine(json, "Message", record.Kind);
        WriteLine(json, "Error", record.Status == "failure" ? record.Text : "", longest: LongestBlock);
        WriteLine(json, "OutputTarget", RecordJson.OutputTarget(record));
        WriteLine(json, "Trace ID", record.TraceId);
        WriteLine(json, "Result", record.Status == "ignored" ? record.Text : "", longest: LongestBlock);
        WriteBlock(json, "Output", record.Status is "failure" or "ignored" ? "" : record.Text, "\n");
    }

    private static void WriteLine(Utf8JsonWriter json, string title, string value, bool isShort = false, int longest = LongestLine)
    {
        if (value.Length > 0)
        {
            WriteField(json, title, SlackText.Inline(value, longest), isShort);
        }
    }

    private static void WriteBlock(Utf8JsonWriter json, string title, string value, string before)
    {
        if (value.Length > 0)
        {
            WriteField(json, title, SlackText.Block(before + value, LongestBlock), isShort: false);
        }
    }

    private static void WriteField(Utf8JsonWriter json, string title, string value, bool isShort)
    {
        json.WriteStartObject();
        json.WriteString("title", title);
        json.WriteString("value", value);
        json.WriteBoolean("short", isShort);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(name, value);
        }
    }

    private static string Color(string status) => status switch
    {
        "failure" => "#e20b0b",
        "success" => "#23ba47",
        "ignored" => "#a4a8b1",
        _ => "",
    };
}
