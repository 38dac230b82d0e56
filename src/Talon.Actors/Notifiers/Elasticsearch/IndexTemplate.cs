using System.Text.Json;

namespace Talon.Actors.Notifiers.Elasticsearch;

/// <summary>The composable index template: what holds for each index, or for the data stream, that the documents go to.</summary>
internal static class IndexTemplate
{
    // Above the templates that come with Elasticsearch, which are at 100.
    private const int Priority = 200;
    private const int LongestName = 512;
    private const int LongestText = 2048;

    // The longest texts that can be found as a whole; longer ones are found by their words.
    private static readonly (string Field, int Longest)[] Texts =
    [
        ("action", LongestName), ("actionner", LongestName), ("error", LongestText), ("event", LongestText), ("event_key", LongestName),
        ("failure_kind", LongestName), ("falco_rule", LongestName), ("id", LongestName), ("message", LongestName), ("output", LongestText),
        ("output_target", LongestName), ("priority", LongestName), ("result", LongestText), ("rule", LongestName), ("status", LongestName),
        ("trace_id", LongestName),
    ];

    /// <summary>The indices that it is for.</summary>
    public static string PatternOf(ElasticsearchSettings settings) =>
        settings.DataStream || settings.Suffix == IndexSuffix.None ? settings.Index : $"{settings.Index}-*";

    /// <summary>The template as JSON.</summary>
    public static byte[] Of(ElasticsearchSettings settings)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartArray("index_patterns");
            json.WriteStringValue(PatternOf(settings));
            json.WriteEndArray();
            json.WriteNumber("priority", Priority);
            if (settings.DataStream)
            {
                json.WriteStartObject("data_stream");
                json.WriteEndObject();
            }

            json.WriteStartObject("template");
            json.WriteStartObject("settings");
            json.WriteStartObject("index");
            json.WriteNumber("number_of_shards", settings.NumberOfShards);
            json.WriteNumber("number_of_replicas", settings.NumberOfReplicas);
            json.WriteEndObject();
            json.WriteEndObject();
            WriteMappings(json, settings);
            json.WriteEndObject();
            json.WriteStartObject("_meta");
            json.WriteString("description", "Records of Falco Talon: what was done about events of Falco");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    private static void WriteMappings(Utf8JsonWriter json, ElasticsearchSettings settings)
    {
        json.WriteStartObject("mappings");
        json.WriteStartArray("dynamic_templates");
        json.WriteStartObject();
        json.WriteStartObject("objects");
        json.WriteString("path_match", "objects.*");
        json.WriteString("match_mapping_type", "string");
        WriteText(json, "mapping", LongestName);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();

        json.WriteStartObject("properties");
        if (settings.DataStream)
        {
            WriteType(json, "@timestamp", "date");
        }

        WriteType(json, "time", "date");
        json.WriteStartObject("objects");
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        WriteText(json, "Namespace", LongestName);
        WriteText(json, "Pod", LongestName);
        json.WriteEndObject();
        json.WriteEndObject();
        foreach (var (field, longest) in Texts)
        {
            WriteText(json, field, longest);
        }

        WriteType(json, "position", "integer");
        WriteType(json, "dry_run", "boolean");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter json, string field, string type)
    {
        json.WriteStartObject(field);
        json.WriteString("type", type);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string field, int longest)
    {
        json.WriteStartObject(field);
        json.WriteString("type", "text");
        json.WriteStartObject("fields");
        json.WriteStartObject("keyword");
        json.WriteString("type", "keyword");
        json.WriteNumber("ignore_above", longest);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
