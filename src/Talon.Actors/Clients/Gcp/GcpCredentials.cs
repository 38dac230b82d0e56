using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Gcp;

/// <summary>Credentials as they were read, with the tokens that Google's library made of them. Shows nothing of itself.</summary>
internal sealed class GcpCredentials
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    private static readonly string[] Types =
    [
        JsonCredentialParameters.ServiceAccountCredentialType,
        JsonCredentialParameters.ExternalAccountCredentialType,
        JsonCredentialParameters.AuthorizedUserCredentialType,
        JsonCredentialParameters.ImpersonatedServiceAccountCredentialType,
    ];

    private readonly GoogleCredential _credential;
    private readonly ConcurrentDictionary<string, OidcToken> _idTokens = new(StringComparer.Ordinal);

    // In place of what the library does; null where it does it.
    private readonly Func<string, CancellationToken, Task<string>>? _ownIdTokens;

    private GcpCredentials(GoogleCredential credential, string text, string? project, Func<string, CancellationToken, Task<string>>? ownIdTokens)
    {
        _ownIdTokens = ownIdTokens;
        _credential = credential;
        Text = text;
        Project = project;
        Scoped = credential.CreateScoped(Scope);
    }

    /// <summary>What they were made of.</summary>
    public string Text { get; }

    /// <summary>The project that they name; null for none.</summary>
    public string? Project { get; }

    /// <summary>With the scope of all of Google Cloud: what an account may do is decided by its roles.</summary>
    public GoogleCredential Scoped { get; }

    /// <summary>The same for Cloud Storage, which takes what a service account signs itself: no token endpoint is asked.</summary>
    public GoogleCredential SelfSigned =>
        Scoped.UnderlyingCredential is ServiceAccountCredential account ? account.WithUseJwtAccessWithScopes(true).ToGoogleCredential() : Scoped;

    /// <summary>Makes credentials of their JSON.</summary>
    /// <param name="where">Where it comes from, for messages.</param>
    public static GcpResult<GcpCredentials> Parse(string json, string where, GcpTransport transport, TimeProvider clock)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            string type = Field(document.RootElement, "type") ?? "";
            return Types.Contains(type, StringComparer.Ordinal)
                ? new GcpCredentials(
                    CredentialFactory.FromJson(json, type).CreateWithHttpClientFactory(transport),
                    json,
                    Field(document.RootElement, "project_id"),
                    ImpersonatedIdTokens.Of(json, Scope, transport, clock) is { } tokens ? tokens.GetAsync : null)
                : Unusable(where, $"its type is none of {string.Join(", ", Types)}");
        }
        catch (JsonException)
        {
            return Unusable(where, "it is no JSON");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or CryptographicException
            or NotSupportedException or NotImplementedException or Newtonsoft.Json.JsonException or IOException or UriFormatException)
        {
            // What these say may quote a private key.
            return Unusable(where, "a value that its type needs is missing or broken");
        }
    }

    /// <summary>The credentials of the service account of this machine or pod.</summary>
    public static GcpCredentials OfMachine(string metadataUrl, GcpTransport transport)
    {
        string account = $"{metadataUrl}/computeMetadata/v1/instance/service-accounts/default";
        var credential = new ComputeCredential(new ComputeCredential.Initializer($"{account}/token", $"{account}/identity") { HttpClientFactory = transport });
        return new GcpCredentials(
            GoogleCredential.FromComputeCredential(credential),
            metadataUrl,
            null,
            (audience, cancellationToken) => MachineIdTokens.GetAsync(account, audience, transport.Client, cancellationToken));
    }

    /// <summary>An access token.</summary>
    public Task<string> AccessTokenAsync(CancellationToken cancellationToken) => ((ITokenAccess)Scoped).GetAccessTokenForRequestAsync(cancellationToken: cancellationToken);

    /// <summary>An ID token; null when these credentials cannot make one.</summary>
    public async Task<string?> IdTokenAsync(string audience, CancellationToken cancellationToken)
    {
        if (_ownIdTokens is not null)
        {
            return await _ownIdTokens(audience, cancellationToken);
        }

        if (_credential.UnderlyingCredential is not IOidcTokenProvider provider)
        {
            return null;
        }

        if (!_idTokens.TryGetValue(audience, out var token))
        {
            token = _idTokens.GetOrAdd(audience, await provider.GetOidcTokenAsync(OidcTokenOptions.FromTargetAudience(audience), cancellationToken));
        }

        return await token.GetAccessTokenAsync(cancellationToken);
    }

    public override string ToString() => nameof(GcpCredentials);

    private static GcpError Unusable(string where, string why) => new(FailureKind.Unreachable, $"the credentials of {where} cannot be used: {why}");

    private static string? Field(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text ? text : null;
}
