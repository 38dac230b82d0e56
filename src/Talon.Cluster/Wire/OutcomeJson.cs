using System.Collections.Immutable;
using System.Text.Json;
using Talon.Rules.Outcomes;

namespace Talon.Cluster.Wire;

/// <summary>
/// Outcomes as JSON: <c>{"s":"success|ignored|failure","t":text,"k":kind,"ra":retry-after ms,"o":{objects},"a":{artifact},"c":[captured]}</c>;
/// kind and retry-after for failures only, the artifact as <c>{"to":target,"ok":stored,"t":text,"o":{objects}}</c>, a captured
/// text as <c>{"n":name,"t":text,"b":bytes,"h":sha-256,"i":inline}</c>. What is empty is left out. A reader takes no other status.
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

        WriteObjects(json, outcome.Objects);
        if (outcome.Artifact is { } artifact)
        {
            json.WriteStartObject("a");
            json.WriteString("to", artifact.Target);
            json.WriteBoolean("ok", artifact.Stored);
            json.WriteString("t", artifact.Text);
            WriteObjects(json, artifact.Objects);
            json.WriteEndObject();
        }

        if (!outcome.Captured.IsEmpty)
        {
            json.WriteStartArray("c");
            foreach (var captured in outcome.Captured)
            {
                json.WriteStartObject();
                json.WriteString("n", captured.Name);
                json.WriteString("t", captured.Text);
                json.WriteNumber("b", captured.Bytes);
                json.WriteString("h", captured.Sha256);
                json.WriteBoolean("i", captured.Inline);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    public static ActionOutcome Read(JsonElement json)
    {
        string text = json.GetProperty("t").GetString() ?? "";
        var objects = ReadObjects(json);
        ActionOutcome outcome = json.GetProperty("s").GetString() switch
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
        return outcome with
        {
            Artifact = json.TryGetProperty("a", out var artifact)
                ? new ArtifactReport(
                    artifact.GetProperty("to").GetString() ?? "",
                    artifact.GetProperty("ok").GetBoolean(),
                    artifact.GetProperty("t").GetString() ?? "",
                    ReadObjects(artifact))
                : null,
            Captured = json.TryGetProperty("c", out var captured) ? [.. captured.EnumerateArray().Select(ReadCaptured)] : [],
        };
    }

    private static CapturedText ReadCaptured(JsonElement json) => new(
        json.GetProperty("n").GetString() ?? "",
        json.GetProperty("t").GetString() ?? "",
        json.GetProperty("b").GetInt64(),
        json.GetProperty("h").GetString() ?? "",
        json.GetProperty("i").GetBoolean());

    private static void WriteObjects(Utf8JsonWriter json, ImmutableSortedDictionary<string, string> objects)
    {
        if (objects.Count == 0)
        {
            return;
        }

        json.WriteStartObject("o");
        foreach (var (key, value) in objects)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static ImmutableSortedDictionary<string, string> ReadObjects(JsonElement json) => json.TryGetProperty("o", out var objects)
        ? objects.EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetString() ?? "", StringComparer.Ordinal)
        : ImmutableSortedDictionary<string, string>.Empty;
}
