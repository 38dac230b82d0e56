using System.Security.Cryptography;
using System.Text.Json;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Tests.Actionners;
using Talon.CloudApi.Google;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Clients.Gcp;

public sealed class GcpConnectionTests
{
    [Fact]
    public async Task AccessToken_OfAServiceAccount_IsGivenForItsSignatureAndKept()
    {
        await using var google = await GoogleServer.StartAsync();
        using var connection = google.Connect();

        string first = await TokenAsync(connection);
        string second = await TokenAsync(connection);

        Assert.Contains(first, google.Secrets);
        Assert.Equal(first, second);
        Assert.Equal(["POST /token"], google.Requests);
    }

    [Fact]
    public async Task AccessToken_FileThatAppearsAndChanges_CountsAtOnce()
    {
        await using var google = await GoogleServer.StartAsync();
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, "key.json");
        using var connection = google.Connect(new GcpOptions { Credentials = path });

        Assert.Equal(
            new GcpError(FailureKind.Unreachable, "the file with the credentials that gcp.credentials_path names cannot be read: there is no such file"),
            await ErrorAsync(connection));
        folder.Write("key.json", "{\"type\": \"service_account\", \"private_key\": \"c4nary\" BROKEN");
        Assert.Equal(
            new GcpError(FailureKind.Unreachable, "the credentials of gcp.credentials_path cannot be used: it is no JSON"), await ErrorAsync(connection));
        folder.Write("key.json", google.AccountJson);
        string before = await TokenAsync(connection);

        // The same account with another key id: other credentials, so other tokens.
        folder.Write("key.json", JsonSerializer.Serialize(new Dictionary<string, object>(google.AccountValues, StringComparer.Ordinal) { ["private_key_id"] = "key-2" }));
        Assert.NotEqual(before, await TokenAsync(connection));
    }

    [Theory]
    [InlineData("{\"type\": \"service_account\", \"client_email\": \"a@b\", \"private_key\": \"c4nary\"}")]
    [InlineData("{\"type\": \"service_account\", \"private_key\": \"c4nary\"}")]
    [InlineData("{\"type\": \"c4nary\"}")]
    [InlineData("{\"type\": 7, \"private_key\": \"c4nary\"}")]
    [InlineData("{\"type\": \"external_account\", \"audience\": \"c4nary\"}")]
    [InlineData("{\"type\": \"authorized_user\", \"client_secret\": \"c4nary\"}")]
    [InlineData("{ c4nary")]
    [InlineData("c4nary-as-path")]
    public async Task AccessToken_BrokenCredentials_IsAnErrorThatQuotesNothing(string credentials)
    {
        await using var google = await GoogleServer.StartAsync();
        using var connection = google.Connect(new GcpOptions { Credentials = credentials });

        var error = await ErrorAsync(connection);

        Assert.Equal(FailureKind.Unreachable, error.Kind);
        Assert.DoesNotContain("c4nary", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, await connection.ProbeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task AccessToken_AuthorizedUser_IsReadAndMakesNoIdToken()
    {
        await using var google = await GoogleServer.StartAsync();
        using var connection = google.Connect(new GcpOptions
        {
            Credentials = """{"type": "authorized_user", "client_id": "i", "client_secret": "s", "refresh_token": "r"}""",
        });

        Assert.False((await connection.IdTokenAsync("https://f.example", ActionnerRig.Scope())).TryGet(out _, out var error));

        Assert.Equal(FailureKind.Invalid, error.Kind);
        Assert.EndsWith("credentials of this type make none; use a service account, or impersonate one", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, FailureKind.Unauthorized, "cannot get an access token: the answer is 400")]
    [InlineData(401, FailureKind.Unauthorized, "cannot get an access token: the answer is 401")]
    [InlineData(403, FailureKind.Forbidden, "cannot get an access token: the answer is 403")]
    [InlineData(429, FailureKind.Throttled, "cannot get an access token: the answer is 429")]
    [InlineData(500, FailureKind.ServerError, "cannot get an access token: the answer is 500")]
    public async Task AccessToken_RefusedOnce_IsAskedForAgainAtTheNextUse(int status, FailureKind kind, string message)
    {
        await using var google = await GoogleServer.StartAsync();
        using var connection = google.Connect();
        google.Faults.Add(new GoogleFault(GoogleStep.Token, GoogleFaultKind.Status) { Status = status, Body = "c4nary of the body", Times = 9 });

        var error = await ErrorAsync(connection);
        google.Faults.Clear();

        Assert.Equal((kind, message), (error.Kind, error.Message));
        Assert.Null(await connection.ProbeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task AccessToken_KeyOfAnother_IsUnauthorizedWithTheWordOfOAuthOnly()
    {
        await using var google = await GoogleServer.StartAsync();
        using var other = RSA.Create(2048);
        var values = new Dictionary<string, object>(google.AccountValues, StringComparer.Ordinal) { ["private_key"] = other.ExportPkcs8PrivateKeyPem() };
        using var connection = google.Connect(new GcpOptions { Credentials = JsonSerializer.Serialize(values) });

        Assert.Equal((FailureKind.Unauthorized, "cannot get an access token: the answer is 400: invalid_grant"), Pair(await ErrorAsync(connection)));
    }

    [Fact]
    public async Task AccessToken_NobodyListens_IsUnreachable()
    {
        await using var google = await GoogleServer.StartAsync();
        var values = new Dictionary<string, object>(google.AccountValues, StringComparer.Ordinal) { ["token_uri"] = $"http://127.0.0.1:{FreePorts.Take(1)[0]}/token" };
        using var connection = google.Connect(new GcpOptions { Credentials = JsonSerializer.Serialize(values) });

        Assert.Equal(FailureKind.Unreachable, (await ErrorAsync(connection)).Kind);
    }

    [Fact]
    public async Task AccessToken_UnknownName_IsUnreachable()
    {
        await using var google = await GoogleServer.StartAsync();
        var values = new Dictionary<string, object>(google.AccountValues, StringComparer.Ordinal) { ["token_uri"] = "http://tokens.invalid/token" };
        using var connection = google.Connect(new GcpOptions { Credentials = JsonSerializer.Serialize(values) });

        var error = await ErrorAsync(connection);

        Assert.Equal(FailureKind.Unreachable, error.Kind);
        Assert.StartsWith("cannot get an access token: the name of the server cannot be resolved", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AccessToken_ServerHangs_EndsWithTheToken()
    {
        await using var google = await GoogleServer.StartAsync();
        using var connection = google.Connect();
        google.Faults.Add(new GoogleFault(GoogleStep.Token, GoogleFaultKind.Stall) { Times = 10 });
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        Assert.False((await connection.AccessTokenAsync(ActionnerRig.Scope(token: stop.Token)).WaitAsync(TimeSpan.FromSeconds(20))).TryGet(out _, out var error));

        Assert.Equal((FailureKind.Timeout, "cannot get an access token: no answer before the deadline"), Pair(error));
    }

    [Fact]
    public async Task AccessToken_StoppedAttempt_SendsNothing()
    {
        await using var google = await GoogleServer.StartAsync();
        using var connection = google.Connect();

        Assert.False((await connection.AccessTokenAsync(ActionnerRig.Scope(up: () => false))).TryGet(out _, out var error));

        Assert.Equal(FailureKind.NotSent, error.Kind);
        Assert.Empty(google.Requests);
    }

    [Fact]
    public async Task AccessToken_DefaultFileOfTheEnvironment_IsUsed()
    {
        await using var google = await GoogleServer.StartAsync();
        using var folder = new TempFolder();
        string path = folder.Write("key.json", google.AccountJson);
        using var connection = google.Connect(new GcpOptions(), null, ("GOOGLE_APPLICATION_CREDENTIALS", path));

        await TokenAsync(connection);

        Assert.Equal(["POST /token"], google.Requests);
    }

    [Fact]
    public async Task AccessToken_FileOfTheCommandLine_IsUsed()
    {
        await using var google = await GoogleServer.StartAsync();
        using var folder = new TempFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, ".config", "gcloud"));
        folder.Write(Path.Combine(".config", "gcloud", "application_default_credentials.json"), google.AccountJson);
        using var connection = google.Connect(new GcpOptions(), null, ("HOME", folder.Path));

        await TokenAsync(connection);

        Assert.Equal(["POST /token"], google.Requests);
    }

    [Fact]
    public async Task Machine_WithoutCredentials_GivesTokensAndProject()
    {
        await using var google = await GoogleServer.StartAsync();
        using var connection = google.Connect(new GcpOptions(), null, ("GCE_METADATA_HOST", new Uri(google.Url).Authority));

        string access = await TokenAsync(connection);
        Assert.True((await connection.IdTokenAsync("https://f.example", ActionnerRig.Scope())).TryGet(out string? id, out var error), error?.Message);
        Assert.True((await connection.ProjectAsync(ActionnerRig.Scope())).TryGet(out string? project, out _));

        Assert.Contains(access, google.Secrets);
        Assert.Contains(id, google.Secrets);
        Assert.Equal("machine-1", project);
    }

    [Fact]
    public async Task Machine_ThatIsNone_IsAnErrorEachTimeAndThenNot()
    {
        await using var google = await GoogleServer.StartAsync();
        string host = $"127.0.0.1:{FreePorts.Take(1)[0]}";
        using var connection = new GcpConnection(
            new GcpOptions(), TimeProvider.System, new GcpEnvironment(name => name == "GCE_METADATA_HOST" ? host : null));

        Assert.Equal(FailureKind.Unreachable, (await ErrorAsync(connection)).Kind);
        Assert.False((await connection.ProjectAsync(ActionnerRig.Scope())).TryGet(out _, out var error));
        host = new Uri(google.Url).Authority;

        Assert.EndsWith("set gcp.project", error.Message, StringComparison.Ordinal);
        Assert.Null(await connection.ProbeAsync(CancellationToken.None));
        Assert.True((await connection.ProjectAsync(ActionnerRig.Scope())).TryGet(out _, out _));
    }

    [Theory]
    [InlineData("", GoogleServer.Project)]
    [InlineData("other-2", "other-2")]
    public async Task Project_OfTheConfiguration_GoesBeforeThatOfTheCredentials(string configured, string expected)
    {
        await using var google = await GoogleServer.StartAsync();
        using var connection = google.Connect(new GcpOptions { Credentials = google.AccountJson, Project = configured });

        Assert.True((await connection.ProjectAsync(ActionnerRig.Scope())).TryGet(out string? project, out _));

        Assert.Equal(expected, project);
    }

    [Fact]
    public async Task IdToken_PerAudience_IsKept()
    {
        await using var google = await GoogleServer.StartAsync();
        using var connection = google.Connect();

        foreach (string audience in new[] { "https://a.example", "https://b.example", "https://a.example" })
        {
            Assert.True((await connection.IdTokenAsync(audience, ActionnerRig.Scope())).TryGet(out _, out _));
        }

        Assert.Equal(2, google.IdTokens.Count);
    }

    [Fact]
    public async Task Tokens_OfAFederatedPod_AreExchangedAndImpersonated()
    {
        await using var google = await GoogleServer.StartAsync();
        using var folder = new TempFolder();
        using var connection = google.Connect(new GcpOptions
        {
            Credentials = JsonSerializer.Serialize(new
            {
                type = "external_account",
                audience = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/k",
                subject_token_type = "urn:ietf:params:oauth:token-type:jwt",
                token_url = $"{google.Url}/sts",
                service_account_impersonation_url = $"{google.Url}/v1/projects/-/serviceAccounts/{GoogleServer.Account}:generateAccessToken",
                credential_source = new { file = folder.Write("token", "token-of-the-pod") },
            }),
            Project = "p",
        });

        string access = await TokenAsync(connection);
        Assert.True((await connection.IdTokenAsync("https://f.example", ActionnerRig.Scope())).TryGet(out string? id, out var error), error?.Message);

        Assert.Contains(access, google.Secrets);
        Assert.Contains(id, google.Secrets);
    }

    [Fact]
    public async Task Tokens_OfAnImpersonatedAccount_AreGiven()
    {
        await using var google = await GoogleServer.StartAsync();
        using var connection = google.Connect(new GcpOptions
        {
            Credentials = JsonSerializer.Serialize(new
            {
                type = "impersonated_service_account",
                service_account_impersonation_url = $"{google.Url}/v1/projects/-/serviceAccounts/{GoogleServer.Account}:generateAccessToken",
                source_credentials = google.AccountValues,
            }),
        });

        string access = await TokenAsync(connection);
        Assert.True((await connection.IdTokenAsync("https://f.example", ActionnerRig.Scope())).TryGet(out string? id, out var error), error?.Message);

        Assert.Contains(access, google.Secrets);
        Assert.Contains(id, google.Secrets);
    }

    [Fact]
    public async Task Texts_OfEverything_HoldNoSecret()
    {
        await using var google = await GoogleServer.StartAsync();
        using var connection = google.Connect();
        await TokenAsync(connection);
        Assert.True((await connection.CredentialsAsync(ActionnerRig.Scope())).TryGet(out var credentials, out _));

        string all = $"{connection} {credentials} {connection.Services} {new GcpOptions { Credentials = google.AccountJson }}";

        Assert.All(google.Secrets, secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
    }

    private static (FailureKind Kind, string Message) Pair(GcpError error) => (error.Kind, error.Message);

    private static async Task<string> TokenAsync(GcpConnection connection)
    {
        var result = await connection.AccessTokenAsync(ActionnerRig.Scope());
        return result.TryGet(out string? token, out var error) ? token : throw new InvalidOperationException(error.Message);
    }

    private static async Task<GcpError> ErrorAsync(GcpConnection connection)
    {
        var result = await connection.AccessTokenAsync(ActionnerRig.Scope());
        return result.TryGet(out _, out var error) ? throw new InvalidOperationException("there is a token") : error;
    }
}
