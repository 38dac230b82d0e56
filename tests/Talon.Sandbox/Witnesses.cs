using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Talon.KubeApi;

namespace Talon.Sandbox;

/// <summary>Everybody who sees what Talon does: its log, its journal, and the record of the Kubernetes stand-in.</summary>
internal sealed class Witnesses(KubeApiServer kube, string journalFolder)
{
    private readonly ConcurrentQueue<JsonObject> _log = new();
    private readonly JournalReader _journal = new(journalFolder);
    private long _lastRequest;

    /// <summary>A line of Talon's log has come.</summary>
    public void HearLog(JsonObject line) => _log.Enqueue(line);

    /// <summary>What is new since the last call, as lines of the timeline, in no particular order.</summary>
    public IEnumerable<TimelineEntry> TakeNew()
    {
        while (_log.TryDequeue(out var line))
        {
            if (TimelineTexts.OfLog(line) is { } entry)
                yield return entry;
        }

        foreach (var row in _journal.ReadNew())
            yield return TimelineTexts.OfFact(row);

        // In the order of their numbers, and each only when it has been answered.
        foreach (var request in kube.Requests.All.Where(r => r.Number > _lastRequest).TakeWhile(r => r.Status != 0))
        {
            _lastRequest = request.Number;
            if (request.Resource is not null)
                yield return TimelineTexts.OfRequest(request);
        }
    }
}
