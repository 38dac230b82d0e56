namespace Talon.Actors.Clients.Kubernetes.Connection;

/// <summary>
/// Reads each answer to its end under the caller's token and a size bound, before the library sees it. Without it deadlines end
/// at the response headers: the library reads bodies synchronously and without a token. Talon makes no watches and follows no
/// logs through this client.
/// </summary>
internal sealed class BodyBufferHandler(long maxBytes) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(maxBytes, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
