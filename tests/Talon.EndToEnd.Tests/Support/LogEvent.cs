using System.Text.Json;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>One line of Talon's JSON log.</summary>
internal sealed record LogEvent(string Text, JsonElement Json)
{
    public string Message => this["message"];

    public string Status => this["status"];

    public string Result => this["result"];

    public string Error => this["error"];

    public string Action => this["action"];

    /// <summary>A field as text; empty when it is missing.</summary>
    public string this[string field] => Json.TryGetProperty(field, out var value) ? value.ToString() : "";

    /// <summary>Null for a line that is no JSON object.</summary>
    public static LogEvent? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object ? new LogEvent(line, document.RootElement.Clone()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
