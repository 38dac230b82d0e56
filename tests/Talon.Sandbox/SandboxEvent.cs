using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Talon.Sandbox;

/// <summary>A Falco event from a file, dated now.</summary>
internal sealed partial class SandboxEvent
{
    private readonly JsonObject _json;

    private SandboxEvent(JsonObject json) => _json = json;

    public string Rule => Text(_json["rule"]);

    public string Namespace => Field("k8s.ns.name");

    public string Pod => Field("k8s.pod.name");

    public string ContainerId => Field("container.id");

    /// <summary>The body of the request; one line.</summary>
    public string Body => _json.ToJsonString(SandboxJson.Readable);

    /// <summary>Reads an event.</summary>
    /// <exception cref="SandboxException">The text is no JSON object.</exception>
    public static SandboxEvent Parse(string text, string place)
    {
        try
        {
            return new SandboxEvent(JsonNode.Parse(text) as JsonObject ?? throw new SandboxException($"{place} is no JSON object"));
        }
        catch (JsonException e)
        {
            throw new SandboxException($"{place} is no JSON: {e.Message}");
        }
    }

    /// <summary>Reads a file with one event a line.</summary>
    /// <exception cref="SandboxException">It cannot be read, a line is no JSON object, or there is none.</exception>
    public static IReadOnlyList<SandboxEvent> ReadFile(string path)
    {
        if (!File.Exists(path))
            throw new SandboxException($"there is no file {path}");
        var events = File.ReadLines(path)
            .Select((text, index) => (Text: text, Place: $"{path}:{index + 1}"))
            .Where(line => !string.IsNullOrWhiteSpace(line.Text))
            .Select(line => Parse(line.Text, line.Place))
            .ToList();
        return events.Count > 0 ? events : throw new SandboxException($"{path} holds no event");
    }

    /// <summary>Dates the event: its time, the time fields, and the time at the head of its output.</summary>
    public void Stamp(DateTimeOffset now)
    {
        string text = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);
        long nanoseconds = (now.UtcDateTime - DateTime.UnixEpoch).Ticks * 100;
        _json["time"] = text;
        if (_json["output"] is JsonValue output)
        {
            string time = now.UtcDateTime.ToString("HH:mm:ss.fffffff'00:'", CultureInfo.InvariantCulture);
            _json["output"] = OutputTime().Replace(Text(output), time);
        }

        if (_json["output_fields"] is not JsonObject fields)
            return;
        foreach (string name in new[] { "evt.time", "evt.rawtime" }.Where(fields.ContainsKey))
            fields[name] = nanoseconds;
        if (fields.ContainsKey("evt.time.iso8601"))
            fields["evt.time.iso8601"] = text;
    }

    /// <summary>The same alert about another pod.</summary>
    public SandboxEvent About(string ns, string pod, string containerId)
    {
        var copy = (JsonObject)_json.DeepClone();
        copy["output"] = Text(copy["output"]).Replace(Pod, pod, StringComparison.Ordinal).Replace($"={Namespace} ", $"={ns} ", StringComparison.Ordinal);
        var fields = copy["output_fields"]!.AsObject();
        fields["k8s.ns.name"] = ns;
        fields["k8s.pod.name"] = pod;
        fields["container.id"] = containerId;
        return new SandboxEvent(copy);
    }

    private string Field(string name) => (_json["output_fields"] as JsonObject)?[name] is { } value ? Text(value) : "";

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    [GeneratedRegex(@"^\d{2}:\d{2}:\d{2}\.\d{1,9}:", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OutputTime();
}
