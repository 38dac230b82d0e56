using System.Collections.Immutable;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Elasticsearch;

/// <summary><c>elasticsearch</c>: a document for each record, whose id is that of the record, so that what is sent again is there once.</summary>
internal sealed class ElasticsearchNotifier : INotifier
{
    private const int MostRecords = 100;
    private const int MostAnswer = 1024 * 1024;

    private readonly ElasticsearchSettings _settings;
    private readonly NotifierHttp _http;
    private readonly ElasticsearchServer _server;
    private readonly TemplateMaker _template;

    /// <param name="settings">The settings, which are right.</param>
    /// <param name="http">The client, which knows the secrets; see <see cref="ElasticsearchServer.SecretsOf"/>.</param>
    /// <param name="log">Told when the index template cannot be made.</param>
    public ElasticsearchNotifier(ElasticsearchSettings settings, NotifierHttp http, TimeProvider clock, ITalonLog log)
    {
        _settings = settings;
        _http = http;
        _server = new ElasticsearchServer(settings, http);
        _template = new TemplateMaker(_server, http, settings, clock, log);
    }

    public NotifierDescriptor Descriptor => ElasticsearchModule.Module.Descriptor;

    public int BatchSize => MostRecords;

    public async Task<NotifyResult> SendAsync(ImmutableArray<Notification> batch, CancellationToken cancellationToken)
    {
        await _template.EnsureAsync(cancellationToken);
        return await BatchParts.SendAsync(
            [.. batch.Select(record => BulkBody.LinesOf(record, _settings))],
            lines => lines.Length,
            async part => BulkAnswer.Judge(
                _http,
                await _server.SendAsync(HttpMethod.Post, $"_bulk?{BulkAnswer.Filter}", BulkBody.Of(part), "application/x-ndjson", MostAnswer, cancellationToken),
                part.Length));
    }
}
