using System.Collections.Immutable;
using System.IO.Compression;
using System.Net.Http.Headers;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Loki;

/// <summary><c>loki</c>: pushes a log line for each record. What is sent again has the same time stamp, so that Loki keeps it once.</summary>
internal sealed class LokiNotifier : INotifier
{
    private const string PushPath = "/loki/api/v1/push";
    private const string TenantHeader = "X-Scope-OrgID";

    private const int MostRecords = 100;

    private readonly LokiSettings _settings;
    private readonly NotifierHttp _http;
    private readonly Uri _push;
    private readonly AuthenticationHeaderValue? _login;
    private readonly LokiStamps _stamps = new();

    /// <param name="settings">The settings, which are right.</param>
    /// <param name="http">The client, which knows the secrets; see <see cref="SecretsOf"/>.</param>
    public LokiNotifier(LokiSettings settings, NotifierHttp http)
    {
        _settings = settings;
        _http = http;
        _push = new Uri(ServerAddress.Of(settings.Url).Base + PushPath);
        _login = LoginOf(settings);
    }

    public NotifierDescriptor Descriptor => LokiModule.Module.Descriptor;

    public int BatchSize => MostRecords;

    /// <summary>What no message may show.</summary>
    public static IEnumerable<string> SecretsOf(LokiSettings settings) =>
        [settings.ApiKey, .. UrlSecrets.Of(settings.Url), LoginOf(settings)?.Parameter ?? "", .. settings.CustomHeaders.Values];

    public Task<NotifyResult> SendAsync(ImmutableArray<Notification> batch, CancellationToken cancellationToken) => BatchParts.SendAsync(
        [.. batch.Select(record => LokiEntry.Of(record, _stamps.Of(record), _settings.StructuredMetadata))],
        entry => entry.Json.Length,
        part => PushAsync(part, cancellationToken));

    private static AuthenticationHeaderValue? LoginOf(LokiSettings settings)
    {
        var address = ServerAddress.Of(settings.Url);
        return RequestHeaders.Basic(settings.User, settings.ApiKey) ?? RequestHeaders.Basic(address.User, address.Password);
    }

    // A 400 may have taken some of the lines, which are sent again when the batch is halved: same stamp and line, so Loki keeps them once.
    private async Task<NotifyResult> PushAsync(ImmutableArray<LokiEntry> part, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _push) { Content = Zipped(LokiEntry.Push(part)) };
        RequestHeaders.Set(request, _settings.CustomHeaders, _login);
        if (_settings.Tenant.Length > 0)
        {
            request.Headers.Remove(TenantHeader);
            request.Headers.TryAddWithoutValidation(TenantHeader, _settings.Tenant);
        }

        return BatchParts.Judge(_http, await _http.SendAsync(request, cancellationToken), part.Length);
    }

    private static ByteArrayContent Zipped(byte[] body)
    {
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            zip.Write(body);
        }

        return new ByteArrayContent(zipped.ToArray())
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json"), ContentEncoding = { "gzip" } },
        };
    }
}
