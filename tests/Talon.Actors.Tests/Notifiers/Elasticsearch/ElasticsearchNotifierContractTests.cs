using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Notifiers.Http;

namespace Talon.Actors.Tests.Notifiers.Elasticsearch;

public sealed class ElasticsearchNotifierContractTests : HttpNotifierContract
{
    private readonly ElasticsearchStandIn _server = new();

    private protected override INotifier Make(string url, TlsSettings tls, IWebProxy? proxy) => Elastic.Make(
        Elastic.Settings(url) with
        {
            User = "talon",
            Password = Canary,
            CustomHeaders = ImmutableSortedDictionary<string, string>.Empty.Add("X-Key", Canary),
            Tls = tls,
        },
        proxy: proxy);

    private protected override Task AnswerAsync(HttpContext context, LocalRequest request) => _server.AnswerAsync(context, request);

    private protected override string Repeat(int status, string text) => status == 200
        ? JsonSerializer.Serialize(new { errors = true, items = new[] { new { create = new { status = 400, error = new { type = "mapper_parsing_exception", reason = text } } } } })
        : text;
}
