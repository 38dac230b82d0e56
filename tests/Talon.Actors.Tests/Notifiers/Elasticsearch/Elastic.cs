using System.Collections.Immutable;
using System.Net;
using Talon.Actors.Notifiers.Elasticsearch;
using Talon.Actors.Notifiers.Http;

namespace Talon.Actors.Tests.Notifiers.Elasticsearch;

/// <summary>Notifiers for a server.</summary>
internal static class Elastic
{
    public static ElasticsearchSettings Settings(string url) => new(
        url, "", "", "", "falco-talon", IndexSuffix.Daily, false, false, 3, 3, ImmutableSortedDictionary<string, string>.Empty, new TlsSettings("", "", "", false));

    public static ElasticsearchNotifier Make(ElasticsearchSettings settings, TimeProvider? clock = null, KeptLog? log = null, IWebProxy? proxy = null) => new(
        settings,
        new NotifierHttp("elasticsearch", settings.Tls, TimeProvider.System, proxy, ElasticsearchServer.SecretsOf(settings)),
        clock ?? TimeProvider.System,
        log ?? new KeptLog());
}
