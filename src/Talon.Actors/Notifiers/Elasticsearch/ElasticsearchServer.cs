using System.Net.Http.Headers;
using System.Text;
using Talon.Actors.Notifiers.Http;

namespace Talon.Actors.Notifiers.Elasticsearch;

/// <summary>
/// The server: each request carries the credentials and the headers of the configuration. It is asked for nothing about itself, so that what speaks the
/// same API (OpenSearch) will do.
/// </summary>
internal sealed class ElasticsearchServer
{
    private readonly ElasticsearchSettings _settings;
    private readonly NotifierHttp _http;
    private readonly string _base;
    private readonly AuthenticationHeaderValue? _login;

    /// <param name="settings">The settings, which are right.</param>
    /// <param name="http">The client, which knows the secrets; see <see cref="SecretsOf"/>.</param>
    public ElasticsearchServer(ElasticsearchSettings settings, NotifierHttp http)
    {
        _settings = settings;
        _http = http;
        _base = ServerAddress.Of(settings.Url).Base;
        _login = LoginOf(settings);
    }

    /// <summary>What no message may show.</summary>
    public static IEnumerable<string> SecretsOf(ElasticsearchSettings settings) =>
    [
        settings.Password,
        settings.ApiKey,
        .. UrlSecrets.Of(settings.Url),
        LoginOf(settings)?.Parameter ?? "",
        .. settings.CustomHeaders.Values,
    ];

    /// <summary>Sends a request once.</summary>
    /// <param name="path">Below the address of the server, with names escaped.</param>
    /// <param name="mediaType">That of the body.</param>
    /// <param name="mostAnswer">How many bytes of the answer are read.</param>
    public async Task<HttpAnswer> SendAsync(
        HttpMethod method,
        string path,
        byte[]? body = null,
        string mediaType = "application/json",
        int mostAnswer = NotifierHttp.DefaultAnswer,
        CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(method, $"{_base}/{path}");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
        }

        RequestHeaders.Set(request, _settings.CustomHeaders, _login);
        return await _http.SendAsync(request, cancellationToken, mostAnswer);
    }

    private static AuthenticationHeaderValue? LoginOf(ElasticsearchSettings settings)
    {
        var address = ServerAddress.Of(settings.Url);
        return settings.ApiKey.Length > 0
            ? new AuthenticationHeaderValue("ApiKey", settings.ApiKey.Contains(':') ? Convert.ToBase64String(Encoding.UTF8.GetBytes(settings.ApiKey)) : settings.ApiKey)
            : RequestHeaders.Basic(settings.User, settings.Password) ?? RequestHeaders.Basic(address.User, address.Password);
    }
}
