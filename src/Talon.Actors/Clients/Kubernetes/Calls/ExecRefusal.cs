using System.Net;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>
/// Keeps the answer to a WebSocket handshake that did not lead to a WebSocket: the exception of the client has neither status nor
/// body.
/// </summary>
internal sealed class ExecRefusal(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    // A Status is a few hundred bytes; of anything longer the beginning tells enough.
    private const int MostBytes = 64 * 1024;

    /// <summary>The answer; null while there is none, or when it was the WebSocket asked for. Its content is <see cref="Body"/>.</summary>
    public HttpResponseMessage? Response { get; private set; }

    /// <summary>The beginning of the body.</summary>
    public string Body { get; private set; } = "";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            byte[] buffer = new byte[MostBytes];
            int read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            Body = System.Text.Encoding.UTF8.GetString(buffer, 0, read);
            Response = response;
        }

        return response;
    }

    // The handler below belongs to the client.
    protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
}
