using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;

namespace Talon.Actors.Clients.Gcp;

/// <summary>
/// ID tokens of a service account that others may impersonate, from the IAM credentials API. Google's library makes none for credentials that
/// come as a file of this kind.
/// </summary>
/// <param name="source">Who impersonates.</param>
/// <param name="url">Where the tokens are.</param>
/// <param name="delegates">The accounts between the two; none as a rule.</param>
internal sealed class ImpersonatedIdTokens(GoogleCredential source, string url, string[] delegates, HttpClient client, TimeProvider clock)
{
    private const string AccessVerb = ":generateAccessToken";

    // They are valid for an hour.
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(45);

    private readonly ConcurrentDictionary<string, Kept> _tokens = new(StringComparer.Ordinal);

    /// <summary>Reads credentials; null when they impersonate nobody.</summary>
    public static ImpersonatedIdTokens? Of(string json, string scope, GcpTransport transport, TimeProvider clock)
    {
        if (JsonNode.Parse(json) is not JsonObject all || all["service_account_impersonation_url"]?.GetValue<string>() is not { } url
            || !url.EndsWith(AccessVerb, StringComparison.Ordinal))
        {
            return null;
        }

        all.Remove("service_account_impersonation_url");
        if ((all["source_credentials"] ?? all) is not JsonObject source || source["type"]?.GetValue<string>() is not { } type)
        {
            return null;
        }

        string[] delegates = all["delegates"] is JsonArray names ? [.. names.Select(name => name?.GetValue<string>() ?? "")] : [];
        var credential = CredentialFactory.FromJson(source.ToJsonString(), type).CreateWithHttpClientFactory(transport).CreateScoped(scope);
        return new ImpersonatedIdTokens(credential, $"{url[..^AccessVerb.Length]}:generateIdToken", delegates, transport.Client, clock);
    }

    /// <summary>An ID token.</summary>
    /// <exception cref="TokenResponseException">It was refused.</exception>
    public async Task<string> GetAsync(string audience, CancellationToken cancellationToken)
    {
        if (_tokens.TryGetValue(audience, out var kept) && clock.GetElapsedTime(kept.At) < Life)
        {
            return kept.Token;
        }

        string access = await ((ITokenAccess)source).GetAccessTokenForRequestAsync(cancellationToken: cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = JsonContent.Create(new { audience, includeEmail = true, delegates }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        long now = clock.GetTimestamp();
        using var response = await client.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new TokenResponseException(new TokenErrorResponse(), response.StatusCode);
        }

        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        string token = body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("token", out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new JsonException();
        _tokens[audience] = new Kept(token, now);
        return token;
    }

    private sealed record Kept(string Token, long At)
    {
        public override string ToString() => nameof(Kept);
    }
}
