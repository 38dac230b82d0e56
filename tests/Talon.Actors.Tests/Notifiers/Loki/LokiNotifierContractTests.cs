using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Http;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Notifiers.Loki;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Notifiers.Http;

namespace Talon.Actors.Tests.Notifiers.Loki;

public sealed class LokiNotifierContractTests : HttpNotifierContract
{
    private readonly LokiStandIn _loki = new();

    private protected override INotifier Make(string url, TlsSettings tls, IWebProxy? proxy)
    {
        var settings = new LokiSettings(url, "talon", Canary, "security", false, ImmutableSortedDictionary<string, string>.Empty.Add("X-Key", Canary), tls);
        return new LokiNotifier(settings, new NotifierHttp("loki", tls, TimeProvider.System, proxy, LokiNotifier.SecretsOf(settings)));
    }

    private protected override Task AnswerAsync(HttpContext context, LocalRequest request) => _loki.AnswerAsync(context, request);
}
