namespace Talon.Actors.Notifiers.Http;

/// <summary>What of a URL may be a secret: the login, a token in the path or in the query.</summary>
internal static class UrlSecrets
{
    // A part of a path that is shorter is a word.
    private const int ShortestToken = 16;

    /// <summary>The texts that no message may show. Empty for a URL that is nothing but an address.</summary>
    /// <param name="url">An absolute URL.</param>
    public static IEnumerable<string> Of(string url)
    {
        var uri = new Uri(url, UriKind.Absolute);
        string[] parts = [uri.UserInfo, .. uri.UserInfo.Split(':', 2)[1..], .. uri.Query.TrimStart('?').Split('&').Select(pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..])];
        return parts
            .Concat(uri.AbsolutePath.Split('/').Where(part => part.Length >= ShortestToken))
            .Append(uri.Query)
            .Append(uri.PathAndQuery.Length >= ShortestToken || uri.Query.Length > 0 ? uri.PathAndQuery : "")
            .SelectMany(part => (string[])[part, Uri.UnescapeDataString(part)])
            .Where(part => part.Length > 0);
    }
}
