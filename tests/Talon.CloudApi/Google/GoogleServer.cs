using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Talon.Actors.Clients.Gcp;

namespace Talon.CloudApi.Google;

/// <summary>
/// Stands for Google on 127.0.0.1: the token endpoint, the metadata server, Cloud Functions and Cloud Storage. It checks what Google checks:
/// signatures (RS256), audiences, scopes, ranges, generations and checksums.
/// </summary>
public sealed class GoogleServer : IAsyncDisposable
{
    public const string Project = "shop-1";
    public const string Account = "talon@shop-1.iam.gserviceaccount.com";
    public const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    // Made once a process: a key takes longer than most tests.
    private static readonly RSA AccountKey = RSA.Create(2048);
    private static readonly RSA GoogleKey = RSA.Create(2048);

    private readonly ConcurrentDictionary<string, bool> _accessTokens = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly WebApplication _app;

    private GoogleServer(WebApplication app)
    {
        _app = app;
        Functions = new FunctionsStandIn(this);
        Storage = new StorageStandIn(this);
    }

    public string Url { get; private set; } = "";

    public GoogleFaults Faults { get; } = new();

    public FunctionsStandIn Functions { get; }

    public StorageStandIn Storage { get; }

    /// <summary>Method and path of every request, in order.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Every secret that was ever planted or given: the private key, line by line, and the tokens.</summary>
    public IEnumerable<string> Secrets =>
        [.. AccountKey.ExportPkcs8PrivateKeyPem().Split('\n').Where(line => line.Length > 40), .. _accessTokens.Keys, .. IdTokens];

    public ConcurrentQueue<string> IdTokens { get; } = new();

    /// <summary>The credentials of the service account.</summary>
    public string AccountJson => JsonSerializer.Serialize(AccountValues);

    public Dictionary<string, object> AccountValues => new(StringComparer.Ordinal)
    {
        ["type"] = "service_account",
        ["project_id"] = Project,
        ["private_key_id"] = "key-1",
        ["private_key"] = AccountKey.ExportPkcs8PrivateKeyPem(),
        ["client_email"] = Account,
        ["client_id"] = "1",
        ["token_uri"] = $"{Url}/token",
    };

    public static async Task<GoogleServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var server = new GoogleServer(app);
        app.Use(next => async context =>
        {
            server._requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
            await next(context);
        });
        server.MapTokens();
        server.Functions.Map(app);
        server.Storage.Map(app);
        await app.StartAsync();
        server.Url = app.Urls.First();
        return server;
    }

    /// <summary>A machine on which these environment variables are set, whose Google is this server.</summary>
    public GcpEnvironment Environment(params (string Name, string Value)[] variables) =>
        new(name => variables.FirstOrDefault(variable => variable.Name == name).Value) { FunctionsUrl = Url, StorageUrl = $"{Url}/storage/v1/" };

    /// <summary>A connection of the service account.</summary>
    public GcpConnection Connect(GcpOptions? options = null, TimeProvider? clock = null, params (string Name, string Value)[] variables) =>
        new(options ?? new GcpOptions { Credentials = AccountJson }, clock ?? TimeProvider.System, Environment(variables));

    /// <summary>Whether a request carries an access token of this server, or one that the account signed itself for all of Google Cloud.</summary>
    public bool IsAllowed(HttpRequest request) =>
        Bearer(request) is { } token && (_accessTokens.ContainsKey(token)
            || (SignedTokens.Read(AccountKey, token) is { } claims && SignedTokens.Claim(claims, "iss") == Account && SignedTokens.Claim(claims, "scope") == Scope));

    /// <summary>Whether a request carries an ID token for this audience.</summary>
    public bool IsFor(HttpRequest request, string audience) =>
        Bearer(request) is { } token && SignedTokens.Read(GoogleKey, token) is { } claims && SignedTokens.Claim(claims, "aud") == audience;

    public string NewAccessToken()
    {
        string token = $"ya29.{RandomNumberGenerator.GetHexString(40)}";
        _accessTokens[token] = true;
        return token;
    }

    public string NewIdToken(string audience)
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string token = SignedTokens.Create(GoogleKey, new { aud = audience, iss = "https://accounts.google.com", sub = "1", iat = now, exp = now + 3600 });
        IdTokens.Enqueue(token);
        return token;
    }

    /// <summary>No token of before is accepted any more.</summary>
    public void RevokeTokens() => _accessTokens.Clear();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } value && value.StartsWith("Bearer ", StringComparison.Ordinal) ? value["Bearer ".Length..] : null;

    private void MapTokens()
    {
        _app.MapPost("/token", GiveTokenAsync);
        _app.MapPost("/sts", ExchangeAsync);
        _app.MapPost("/v1/projects/-/serviceAccounts/{account}:generateAccessToken", (HttpRequest request) => IsAllowed(request)
            ? Results.Json(new { accessToken = NewAccessToken(), expireTime = TimeProvider.System.GetUtcNow().AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'") })
            : Results.StatusCode(401));
        _app.MapPost("/v1/projects/-/serviceAccounts/{account}:generateIdToken", async (HttpRequest request) =>
        {
            var body = await request.ReadFromJsonAsync<JsonElement>();
            return IsAllowed(request) ? Results.Json(new { token = NewIdToken(body.GetProperty("audience").GetString()!) }) : Results.StatusCode(401);
        });
        _app.MapGet("/computeMetadata/v1/{**path}", (HttpContext context, string path) =>
        {
            context.Response.Headers["Metadata-Flavor"] = "Google";
            return context.Request.Headers["Metadata-Flavor"] != "Google" ? Results.StatusCode(403) : path switch
            {
                "project/project-id" => Results.Text("machine-1"),
                "instance/service-accounts/default/token" => Results.Json(new { access_token = NewAccessToken(), expires_in = 3599, token_type = "Bearer" }),
                "instance/service-accounts/default/identity" => Results.Text(NewIdToken(context.Request.Query["audience"].ToString()), "text/html"),
                _ => Results.NotFound(),
            };
        });
    }

    private async Task GiveTokenAsync(HttpContext context)
    {
        if (await GoogleFaults.BeforeAsync(Faults.Take(GoogleStep.Token), context))
        {
            return;
        }

        var form = await context.Request.ReadFormAsync();
        string assertion = form["assertion"].ToString();
        bool isMine = form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
            && SignedTokens.Read(AccountKey, assertion) is { } read && SignedTokens.Claim(read, "iss") == Account
            && (SignedTokens.Claim(read, "aud") == $"{Url}/token" || SignedTokens.Claim(read, "aud") == "https://oauth2.googleapis.com/token");
        if (!isMine)
        {
            // Quotes what it was given, as a server may.
            context.Response.StatusCode = 400;
            await context.Response.WriteAsJsonAsync(new { error = "invalid_grant", error_description = $"no account signed {assertion}" });
            return;
        }

        var claims = SignedTokens.Read(AccountKey, assertion)!.Value;
        if (SignedTokens.Claim(claims, "target_audience") is { } audience)
        {
            await context.Response.WriteAsJsonAsync(new { id_token = NewIdToken(audience) });
            return;
        }

        context.Response.StatusCode = SignedTokens.Claim(claims, "scope") is Scope or "https://www.googleapis.com/auth/iam" ? 200 : 400;
        await context.Response.WriteAsJsonAsync<object>(context.Response.StatusCode == 200
            ? new { access_token = NewAccessToken(), expires_in = 3599, token_type = "Bearer" }
            : new { error = "invalid_scope" });
    }

    // Workload identity federation: a token of another issuer against one of Google.
    private async Task<IResult> ExchangeAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        return form["subject_token"] == "token-of-the-pod" && form["grant_type"] == "urn:ietf:params:oauth:grant-type:token-exchange"
            ? Results.Json(new { access_token = NewAccessToken(), issued_token_type = "urn:ietf:params:oauth:token-type:access_token", token_type = "Bearer", expires_in = 3599 })
            : Results.Json(new { error = "invalid_grant" }, statusCode: 400);
    }
}
