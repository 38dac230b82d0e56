namespace Talon.Actors.Tests.Actionners;

/// <summary>Does something right before a request goes out.</summary>
internal sealed class Interposer(Func<HttpRequestMessage, Task> before) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await before(request);
        return await base.SendAsync(request, cancellationToken);
    }
}
