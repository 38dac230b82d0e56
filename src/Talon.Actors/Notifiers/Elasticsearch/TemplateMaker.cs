using Talon.Actors.Notifiers.Http;
using Talon.Actors.Telemetry;

namespace Talon.Actors.Notifiers.Elasticsearch;

/// <summary>
/// Makes the index template when there is none of that name, before the first delivery. When it cannot, that is told once and tried again later:
/// documents are stored without it too, only with mappings that Elasticsearch guesses. Not for several threads.
/// </summary>
internal sealed class TemplateMaker(ElasticsearchServer server, NotifierHttp http, ElasticsearchSettings settings, TimeProvider clock, ITalonLog log)
{
    private const string Part = "notifier elasticsearch: index template";

    // Of the deadline of a delivery, most is for the documents.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMinutes(10);

    private bool _done = !settings.CreateIndexTemplate;
    private string? _told;
    private long? _refused;

    /// <summary>Sees to the template, unless that is done or was refused a short while ago.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (_done || (_refused is { } refused && clock.GetElapsedTime(refused) < AfterRefusal))
        {
            return;
        }

        using var deadline = new CancellationTokenSource(Deadline, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await MakeAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Tell($"no answer within {Deadline.TotalSeconds:0} s");
        }
    }

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        string path = $"_index_template/{Uri.EscapeDataString(settings.Index)}";
        var answer = await server.SendAsync(HttpMethod.Get, path, cancellationToken: cancellationToken);
        if (answer.Status == 404)
        {
            answer = await server.SendAsync(HttpMethod.Put, path, IndexTemplate.Of(settings), cancellationToken: cancellationToken);
        }

        _done = answer.IsSuccess;
        _refused = answer.IsSuccess || answer.IsTransient ? null : clock.GetTimestamp();
        if (!_done)
        {
            Tell(http.Reason(answer));
        }
        else if (_told is not null)
        {
            log.Healthy(Part, "is there now");
        }
    }

    private void Tell(string reason)
    {
        if (_told != reason)
        {
            _told = reason;
            log.Unhealthy(Part, $"cannot be made, which is tried again: {reason}");
        }
    }
}
