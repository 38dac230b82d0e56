namespace Talon.FaultHost;

/// <summary>A fault point before or after an API call. The probe of <c>/version</c> does not count: it belongs to no action.</summary>
internal sealed class FaultHandler(FaultPoint point, SuddenDeath death) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        bool dies = IsMeant(request) && death.IsDue();
        if (dies && point.Before)
        {
            await SuddenDeath.DieAsync();
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (dies)
        {
            await SuddenDeath.DieAsync();
        }

        return response;
    }

    private bool IsMeant(HttpRequestMessage request) =>
        request.Method.Method == point.Subject
        && request.RequestUri is { } uri
        && !uri.AbsolutePath.EndsWith("/version", StringComparison.Ordinal) && !uri.AbsolutePath.EndsWith("/version/", StringComparison.Ordinal)
        && uri.AbsolutePath.Contains(point.Text, StringComparison.Ordinal);
}
