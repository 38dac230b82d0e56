namespace Talon.Actors.Clients.Kubernetes.Connection;

/// <summary>
/// The second of two locks: below the client, every DELETE, PATCH and PUT must name exactly one object by plain segments. The typed
/// names already see to that; what gets here otherwise is a fault of Talon and never reaches the API server.
/// </summary>
internal sealed class WriteGuardHandler(string basePath) : DelegatingHandler
{
    private readonly string _basePath = basePath.TrimEnd('/');

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if ((request.Method == HttpMethod.Delete || request.Method == HttpMethod.Patch || request.Method == HttpMethod.Put)
            && !NamesOneObject(request.RequestUri!, _basePath))
        {
            throw new InvalidOperationException($"refused to send a {request.Method} that does not name one object");
        }

        return base.SendAsync(request, cancellationToken);
    }

    internal static bool NamesOneObject(Uri address, string basePath)
    {
        string path = address.AbsolutePath;
        if (!path.StartsWith(basePath + "/", StringComparison.Ordinal))
        {
            return false;
        }

        string[] segments = path[(basePath.Length + 1)..].Split('/');
        if (!Array.TrueForAll(segments, IsPlain))
        {
            return false;
        }

        // /api/VERSION/… or /apis/GROUP/VERSION/…
        int skip = segments[0] switch { "api" => 2, "apis" => 3, _ => int.MaxValue };
        if (segments.Length <= skip)
        {
            return false;
        }

        var rest = segments.AsSpan(skip);

        // namespaces/NS/PLURAL is a collection; PLURAL/NAME and PLURAL/NAME/SUBRESOURCE are not.
        return rest.Length >= 3 && rest[0] == "namespaces" ? rest.Length is 4 or 5 : rest.Length is 2 or 3;
    }

    private static bool IsPlain(string segment) =>
        segment is not ("" or "." or "..")
        && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or ':');
}
