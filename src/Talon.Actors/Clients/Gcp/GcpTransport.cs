using Google.Apis.Http;
using IHttpClientFactory = Google.Apis.Http.IHttpClientFactory;

namespace Talon.Actors.Clients.Gcp;

/// <summary>The one transport to Google: without proxy, redirects and cookies, and with answers of a bounded size.</summary>
internal sealed class GcpTransport : IHttpClientFactory, IDisposable
{
    /// <summary>The largest answer that is held in memory: 1 MiB. Nothing of Google that is read whole comes near it.</summary>
    public const long MaxAnswerBytes = 1L << 20;

    private readonly SocketsHttpHandler _sockets = new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    public GcpTransport() => Client = CreateClient(new KeptOpen(_sockets));

    /// <summary>A client that adds nothing to a request and sends it once. Every call has a deadline through its token.</summary>
    public HttpClient Client { get; }

    /// <summary>Makes a client for Google's own libraries, which dispose of it when they like.</summary>
    public ConfigurableHttpClient CreateHttpClient(CreateHttpClientArgs args) => CreateHttpClient(args, static inner => inner);

    /// <summary>The same, with a handler next to the wire.</summary>
    public ConfigurableHttpClient CreateHttpClient(CreateHttpClientArgs args, Func<HttpMessageHandler, HttpMessageHandler> around)
    {
        var client = new Factory(around(new KeptOpen(_sockets))).CreateHttpClient(args);
        client.MessageHandler.FollowRedirect = false;
        client.Timeout = Timeout.InfiniteTimeSpan;
        client.MaxResponseContentBufferSize = MaxAnswerBytes;
        return client;
    }

    public void Dispose()
    {
        Client.Dispose();
        _sockets.Dispose();
    }

    private static HttpClient CreateClient(HttpMessageHandler handler) => new(handler)
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    private sealed class Factory(HttpMessageHandler handler) : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => handler;
    }

    // Connections are shared: a client that is disposed of leaves them open.
    private sealed class KeptOpen(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
    }
}
