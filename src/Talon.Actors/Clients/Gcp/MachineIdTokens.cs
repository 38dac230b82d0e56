using System.Net;
using Google.Apis.Auth.OAuth2.Responses;

namespace Talon.Actors.Clients.Gcp;

/// <summary>
/// ID tokens of the service account of this machine or pod. The metadata server answers with the bare token, which Google's library takes for
/// broken JSON; it keeps tokens by itself, so nothing is kept here.
/// </summary>
internal static class MachineIdTokens
{
    /// <summary>An ID token.</summary>
    /// <param name="account">The URL of the account at the metadata server.</param>
    /// <exception cref="TokenResponseException">It was refused, or what came is no token.</exception>
    public static async Task<string> GetAsync(string account, string audience, HttpClient client, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{account}/identity?audience={Uri.EscapeDataString(audience)}&format=full");
        request.Headers.Add("Metadata-Flavor", "Google");
        using var response = await client.SendAsync(request, cancellationToken);
        string text = (await response.Content.ReadAsStringAsync(cancellationToken)).Trim();
        return response.StatusCode == HttpStatusCode.OK && text.Split('.').Length == 3 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? text
            : throw new TokenResponseException(new TokenErrorResponse(), response.StatusCode);
    }
}
