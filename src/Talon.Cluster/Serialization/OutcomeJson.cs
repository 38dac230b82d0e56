using System.Collections.Immutable;
using System.Text.Json;
using Talon.Rules.Outcomes;

namespace Talon.Cluster.Serialization;

/// <summary>
/// Outcomes as JSON: <c>{"s":"success|ignored|failure","t":text,"o":{objects},"k":kind,"ra":retry-after ms}</c>, the last two
/// for failures only. A reader takes no other status.
/// </summary>
internal static class OutcomeJson
{
    public static void Write(Utf8JsonWriter json, ActionOutcome outcome)
    {
        json.WriteStartObject();
        json.WriteString("s", outcome.Status);
        switch (outcome)
        {
            case ActionOutcome.Succeeded success:
                json.WriteString("t", success.Output);
                break;
            case ActionOutcome.Ignored ignored:
                json.WriteString("t", ignored.Reason);
                break;
            case ActionOutcome.Failed failed:
                json.WriteString("t", failed.Reason);
                json.WriteNumber("k", (int)failed.Kind);
                if (failed.RetryAfter is { } wait)
                {
                    json.WriteNumber("ra", (long)wait.TotalMilliseconds);
                }

                break;
        }

        if (outcome.Objects.Count > 0)
        {
            json.WriteStartObject("o");
            foreach (var (key, value) in outcome.Objects)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public static ActionOutcome Read(JsonElement json)
    {
        string text = json.GetProperty("t").GetString() ?? "";
        var objects = ImmutableSortedDictionary<string, string>.Empty;
        if (json.TryGetProperty("o", out var o))
        {
            objects = o.EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetString() ?? "", StringComparer.Ordinal);
        }

        return json.GetProperty("s").GetString() switch
        {
            "success" => new ActionOutcome.Succeeded(text, objects),
            "ignored" => new ActionOutcome.Ignored(text, objects),
            "failure" => new ActionOutcome.Failed(
                (FailureKind)json.GetProperty("k").GetInt32(),
                text,
                objects,
                json.TryGetProperty("ra", out var wait) ? TimeSpan.FromMilliseconds(wait.GetInt64()) : null),
            var other => throw new FormatException($"unknown outcome status '{other}'"),
        };
    }
}
