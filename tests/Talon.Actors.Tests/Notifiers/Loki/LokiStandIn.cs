using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Talon.Actors.Tests.Notifiers.Http;

namespace Talon.Actors.Tests.Notifiers.Loki;

/// <summary>
/// Takes pushes as Loki does: https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs, with the limits and texts of
/// https://grafana.com/docs/loki/latest/operations/troubleshooting/troubleshoot-ingest/. What is right of a push is kept also when another line of it
/// is refused; the same line with the same stamp in the same stream is kept once.
/// </summary>
internal sealed partial class LokiStandIn
{
    private const int LongestLine = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SortedSet<(long Stamp, string Line)>> _streams = new(StringComparer.Ordinal);

    /// <summary>The oldest stamp that is taken, in nanoseconds.</summary>
    public long Oldest { get; set; }

    /// <summary>Whether the schema is too old for structured metadata.</summary>
    public bool IsOldSchema { get; set; }

    /// <summary>The lines of each stream, by its labels.</summary>
    public IReadOnlyDictionary<string, SortedSet<(long Stamp, string Line)>> Streams => _streams;

    public Task AnswerAsync(HttpContext context, LocalRequest request)
    {
        var (status, text) = Push(request);
        return LocalServer.AnswerAsync(context, status, text, "text/plain; charset=utf-8");
    }

    private (int Status, string Text) Push(LocalRequest request)
    {
        if (request.Path != "/loki/api/v1/push")
        {
            return (404, "404 page not found\n");
        }

        if (request.Method != "POST")
        {
            return (405, "");
        }

        if (request.Header("Content-Type")?.Split(';')[0] != "application/json")
        {
            return (400, "snappy: corrupt input\n");
        }

        byte[] body;
        string? encoding = request.Header("Content-Encoding");
        try
        {
            body = encoding == "gzip" ? request.Unzipped() : request.Body;
        }
        catch (InvalidDataException)
        {
            return (400, "gzip: invalid header\n");
        }

        if (encoding is not (null or "gzip"))
        {
            return (400, $"Content-Encoding \"{encoding}\" not supported\n");
        }

        try
        {
            using var json = JsonDocument.Parse(body);
            lock (_gate)
            {
                string[] problems = [.. json.RootElement.GetProperty("streams").EnumerateArray().SelectMany(Take)];
                return problems.Length == 0 ? (204, "") : (400, string.Join('\n', problems) + "\n");
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return (400, $"couldn't parse push request: {e.Message}\n");
        }
    }

    private IEnumerable<string> Take(JsonElement stream)
    {
        var labels = stream.GetProperty("stream").EnumerateObject().ToList();
        string name = $"{{{string.Join(", ", labels.OrderBy(label => label.Name, StringComparer.Ordinal).Select(label => $"{label.Name}=\"{label.Value.GetString()}\""))}}}";
        if (labels.Count == 0)
        {
            yield return "error at least one label pair is required per stream";
            yield break;
        }

        if (labels.FirstOrDefault(label => !LabelName().IsMatch(label.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } wrong)
        {
            yield return $"error parsing labels {name} with error: {wrong.Name}";
            yield break;
        }

        foreach (var value in stream.GetProperty("values").EnumerateArray())
        {
            long stamp = long.Parse(value[0].GetString()!, CultureInfo.InvariantCulture);
            string line = value[1].GetString()!;
            int metadata = value.GetArrayLength() > 2 ? value[2].EnumerateObject().Sum(entry => entry.Value.GetString()!.Length) : 0;
            if (metadata > 0 && IsOldSchema)
            {
                yield return $"stream '{name}' includes structured metadata, but this feature is disallowed. Please see `limits_config.allow_structured_metadata` or contact your Loki administrator to enable it.";
            }
            else if (Encoding.UTF8.GetByteCount(line) is > LongestLine and var length)
            {
                yield return $"max entry size {LongestLine} bytes exceeded for stream '{name}' while adding an entry with length {length} bytes";
            }
            else if (stamp < Oldest)
            {
                yield return $"entry for stream '{name}' has timestamp too old: {stamp}, oldest acceptable timestamp is: {Oldest}";
            }
            else
            {
                if (!_streams.TryGetValue(name, out var lines))
                {
                    _streams.Add(name, lines = []);
                }

                lines.Add((stamp, line));
            }
        }
    }

    [GeneratedRegex(@"\A[a-zA-Z_][a-zA-Z0-9_]*\z")]
    private static partial Regex LabelName();
}
