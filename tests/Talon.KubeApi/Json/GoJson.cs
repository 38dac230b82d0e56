using System.Text.Json;
using System.Text.Json.Nodes;

namespace Talon.KubeApi.Json;

/// <summary>Reads JSON as the real server does: the last of two equal keys wins, and faults carry Go's words.</summary>
internal static class GoJson
{
    public sealed record Parsed(JsonNode? Node, string? Error, IReadOnlyList<string> Duplicates);

    public static Parsed Parse(string text)
    {
        var duplicates = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(text);
            return new Parsed(Convert(document.RootElement, "", duplicates), null, duplicates);
        }
        catch (JsonException e)
        {
            return new Parsed(null, Explain(text, e), duplicates);
        }
    }

    private static JsonNode? Convert(JsonElement element, string path, List<string> duplicates)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new JsonObject();
                foreach (var property in element.EnumerateObject())
                {
                    var here = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
                    if (map.ContainsKey(property.Name))
                        duplicates.Add(here);
                    map[property.Name] = Convert(property.Value, here, duplicates);
                }

                return map;
            case JsonValueKind.Array:
                var list = new JsonArray();
                var index = 0;
                foreach (var item in element.EnumerateArray())
                    list.Add(Convert(item, $"{path}[{index++}]", duplicates));
                return list;
            case JsonValueKind.String:
                return JsonValue.Create(element.GetString());
            case JsonValueKind.Number:
                return element.TryGetInt64(out var whole) ? JsonValue.Create(whole) : JsonValue.Create(element.GetDouble());
            case JsonValueKind.True:
                return JsonValue.Create(true);
            case JsonValueKind.False:
                return JsonValue.Create(false);
            default:
                return null;
        }
    }

    private static string Explain(string text, JsonException fault)
    {
        var at = Offset(text, fault);
        var start = text.AsSpan().TrimStart();
        var end = text.TrimEnd().Length;
        // .NET points at a comma that nothing follows, Go at the end behind it.
        if (start.IsEmpty || at >= end || (at == end - 1 && text[at] == ','))
            return "unexpected end of JSON input";
        var literal = start[0] switch { 'n' => "null", 't' => "true", 'f' => "false", _ => null };
        if (literal is not null)
        {
            for (var i = 0; i < literal.Length && i < start.Length; i++)
            {
                if (start[i] != literal[i])
                    return $"invalid character '{start[i]}' in literal {literal} (expecting '{literal[i]}')";
            }
        }

        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(text), new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            reader.Read();
            reader.Skip();
            if (reader.TokenType is not JsonTokenType.None)
                return $"invalid character '{text[at]}' after top-level value";
        }
        catch (JsonException)
        {
            // The first value itself is broken: the text below says so.
        }

        return $"invalid character '{text[at]}' looking for beginning of value";
    }

    private static int Offset(string text, JsonException fault)
    {
        var offset = 0;
        for (var line = fault.LineNumber ?? 0; line > 0; line--)
            offset = text.IndexOf('\n', offset) + 1;
        return (int)Math.Min(text.Length, offset + (fault.BytePositionInLine ?? 0));
    }

    /// <summary>How Go names the type of a value in a decoding fault.</summary>
    public static string TypeName(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.True or JsonValueKind.False => "bool",
            _ => "number",
        },
    };
}
