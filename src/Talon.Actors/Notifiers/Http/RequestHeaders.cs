using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;

namespace Talon.Actors.Notifiers.Http;

/// <summary>The headers of a request to a server.</summary>
internal static class RequestHeaders
{
    // What describes the body and the connection is ours to say.
    private static readonly ImmutableHashSet<string> Ours = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Expect", "Transfer-Encoding", "User-Agent");

    /// <summary>Sets the headers of the configuration, and then the login over them.</summary>
    /// <param name="request">With its content in place.</param>
    /// <param name="authorization">The login; null for what the headers of the configuration say.</param>
    public static void Set(HttpRequestMessage request, ImmutableSortedDictionary<string, string> custom, AuthenticationHeaderValue? authorization)
    {
        foreach (var (name, value) in custom.Where(header => !Ours.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        request.Headers.Authorization = authorization ?? request.Headers.Authorization;
    }

    /// <summary>Basic authentication; null unless both are given, as in the original.</summary>
    public static AuthenticationHeaderValue? Basic(string user, string password) => user.Length > 0 && password.Length > 0
        ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")))
        : null;
}
