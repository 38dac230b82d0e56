using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Talon.Rules.Tests.Events;

/// <summary>Writes JSON in one of the many ways that mean the same: order of members, blanks, escapes.</summary>
internal static class Spelling
{
    public static string Of(JsonNode? node, Random random)
    {
        var text = new StringBuilder();
        Write(node, random, text);
        return text.ToString();
    }

    private static void Write(JsonNode? node, Random random, StringBuilder text)
    {
        Blanks(random, text);
        switch (node)
        {
            case JsonObject members:
                text.Append('{');
                var shuffled = members.ToArray();
                random.Shuffle(shuffled);
                for (int i = 0; i < shuffled.Length; i++)
                {
                    text.Append(i > 0 ? "," : "");
                    Blanks(random, text);
                    Write(shuffled[i].Key, random, text);
                    text.Append(':');
                    Write(shuffled[i].Value, random, text);
                }

                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                for (int i = 0; i < items.Count; i++)
                {
                    text.Append(i > 0 ? "," : "");
                    Write(items[i], random, text);
                }

                text.Append(']');
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                Write(value.GetValue<string>(), random, text);
                break;
            case null:
                text.Append("null");
                break;
            default:
                text.Append(node.ToJsonString());
                break;
        }

        Blanks(random, text);
    }

    private static void Write(string value, Random random, StringBuilder text)
    {
        text.Append('"');
        foreach (char c in value)
        {
            // Half a pair must stand beside its other half, both escaped or both not.
            bool mustEscape = c is '"' or '\\' || char.IsControl(c) || char.IsSurrogate(c);
            text.Append(mustEscape || random.Next(4) == 0 ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : c.ToString());
        }

        text.Append('"');
    }

    private static void Blanks(Random random, StringBuilder text) => text.Append(random.Next(3) switch { 0 => " ", 1 => "\n\t", _ => "" });
}
