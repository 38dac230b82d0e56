using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Talon.KubeApi;

namespace Talon.Sandbox;

/// <summary>Says in words what a line of Talon's log, a row of its journal, or a request to Kubernetes means.</summary>
internal static class TimelineTexts
{
    /// <summary>A line of Talon's log; null when it belongs to no event and is no trouble.</summary>
    public static TimelineEntry? OfLog(JsonObject line)
    {
        var time = DateTimeOffset.Parse(Text(line, "time"), CultureInfo.InvariantCulture);
        string message = Text(line, "message");
        return (message, Text(line, "status")) switch
        {
            ("event", _) => new(
                time, TimelineKind.Event, $"'{Text(line, "event")}' ({Text(line, "priority")}) is taken in",
                $"By this key it is found in every later line: event_key {Text(line, "event_key")}"),
            ("match", _) => new(time, TimelineKind.Match, $"rule '{Text(line, "rule")}' matches"),
            ("action", "in_progress") => new(
                time, TimelineKind.Action, $"'{Text(line, "action")}' ({Text(line, "actionner")}) begins, attempt {line["attempt"]}"),
            ("action", "success") => new(time, TimelineKind.Action, $"success: {Text(line, "output")}", "Logged after the outcome is in the journal."),
            ("action", "ignored") => new(time, TimelineKind.Action, $"ignored: {Text(line, "result")}", "Nothing was changed, and the log says why."),
            ("action", var status) => new(time, TimelineKind.Trouble, $"{status}: {Text(line, "error")}"),
            _ when Text(line, "level") is "warn" or "error" or "fatal" => new(
                time, TimelineKind.Trouble, $"{message}: {(Text(line, "error") is { Length: > 0 } error ? error : Text(line, "result"))}"),
            _ => null,
        };
    }

    /// <summary>A row of the journal.</summary>
    public static TimelineEntry OfFact(JournalRow row)
    {
        string place = $"{row.Bucket} #{row.Number}";
        return row.Manifest switch
        {
            "acc:1" => new(
                row.Time, TimelineKind.Journal, $"{place} Accepted: the event and the plan of its actions ({row.Payload.Length} bytes)",
                "HTTP 200 is sent only after this is on the disk: from here on a crash loses nothing."),
            "sta:1" => new(
                row.Time, TimelineKind.Journal, $"{place} Started: attempt {row.Json?["a"]} on {Target(row.Json?["t"])}",
                "Committed before the write, so that no second process can make it too."),
            "fin:1" => new(row.Time, TimelineKind.Journal, $"{place} Finished: {row.Json?["o"]?["s"]}"),
            "ret:1" => new(row.Time, TimelineKind.Journal, $"{place} RetryScheduled: {row.Json?["r"]}"),
            "res:1" => new(row.Time, TimelineKind.Journal, $"{place} Resumed"),
            var other => new(row.Time, TimelineKind.Journal, $"{place} {other}"),
        };
    }

    /// <summary>A request that the Kubernetes stand-in recorded.</summary>
    public static TimelineEntry OfRequest(RecordedRequest request)
    {
        var body = Parse(request.Body);
        string? uid = body?["preconditions"]?["uid"]?.ToString() ?? body?["metadata"]?["uid"]?.ToString();
        string extra = uid is null ? "" : $", only if its uid is {uid}";
        string? meaning = request.Verb switch
        {
            "get" when request.Resource == "pods" => "Is it still the pod that the event is about? The container ids in its status tell.",
            "list" => "Looks for the pod, or for its healthy siblings.",
            "delete" or "patch" when uid is not null => "A new pod of the same name has another uid and would not be touched.",
            _ => null,
        };
        return new(request.Time, TimelineKind.Api, $"{request.Method} {request.Path}{request.Query}{extra} -> {request.Status}", meaning);
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Target(JsonNode? target) =>
        target is null ? "no single object" : $"{target["k"]} {target["ns"]}/{target["n"]}, uid {target["u"]}";

    private static string Text(JsonObject line, string field) => line[field]?.ToString() ?? "";
}
