using System.Net.Sockets;
using Talon.Actors.Clients.Aws;
using Talon.CloudApi.Aws;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Clients.Aws;

public sealed class AwsConnectionTests
{
    private const string Role = "arn:aws:iam::123456789012:role/responder";

    [Fact]
    public async Task Probe_StaticKeys_AreAccepted()
    {
        await using var server = await AwsServer.StartAsync();
        using var connection = server.Connect();

        Assert.Null(await connection.ProbeAsync(CancellationToken.None));
        Assert.Contains("Action=GetCallerIdentity", Assert.Single(server.Calls).Body, StringComparison.Ordinal);
        Assert.Contains($"/{AwsServer.Region}/sts/", Assert.Single(server.Calls).Headers["Authorization"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_WrongSecret_SaysSoWithoutTheRequestThatTheServiceQuotes()
    {
        await using var server = await AwsServer.StartAsync();
        using var connection = server.Connect(AwsServer.Keys with { SecretKey = "canary-wrong" });

        string? problem = await connection.ProbeAsync(CancellationToken.None);

        Assert.StartsWith("cannot ask AWS who Talon is (sts:GetCallerIdentity): 403", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_NobodyListens_IsToldAsNoConnection()
    {
        using var connection = new AwsConnection(
            AwsServer.Keys, name => name == "AWS_ENDPOINT_URL_STS" ? $"http://127.0.0.1:{FreePorts.Take(1)[0]}" : null, TimeProvider.System);

        Assert.Contains("no connection", await connection.ProbeAsync(CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_RegionAlone_ComesOverTheEnvironment()
    {
        await using var server = await AwsServer.StartAsync();
        using var set = server.Connect(AwsServer.Keys with { Region = "cn-north-1" }, null, ("AWS_REGION", "us-east-1"));
        using var named = server.Connect(AwsServer.Keys with { Region = "" }, null, ("AWS_REGION", "us-east-1"), ("AWS_DEFAULT_REGION", "us-west-2"));
        using var byDefault = server.Connect(AwsServer.Keys with { Region = "" }, null, ("AWS_REGION", ""), ("AWS_DEFAULT_REGION", "us-west-2"));

        Assert.Equal("cn-north-1", (await set.ConnectAsync(CancellationToken.None)).Access!.Region.SystemName);
        Assert.Equal("us-east-1", (await named.ConnectAsync(CancellationToken.None)).Access!.Region.SystemName);
        Assert.Equal("us-west-2", (await byDefault.ConnectAsync(CancellationToken.None)).Access!.Region.SystemName);
    }

    [Fact]
    public async Task Connect_HalfOfAPair_TakesTheOtherHalfFromTheEnvironmentOrSaysWhatIsMissing()
    {
        await using var server = await AwsServer.StartAsync();
        using var whole = server.Connect(AwsServer.Keys with { AccessKey = "" }, null, ("AWS_ACCESS_KEY_ID", AwsServer.RoleKeyId), ("AWS_SESSION_TOKEN", AwsServer.RoleToken));
        using var half = server.Connect(AwsServer.Keys with { SecretKey = "" });

        var found = await (await whole.ConnectAsync(CancellationToken.None)).Access!.Credentials.GetCredentialsAsync();
        Assert.Equal((AwsServer.RoleKeyId, AwsServer.Secret, AwsServer.RoleToken), (found.AccessKey, found.SecretKey, found.Token));
        Assert.False((await half.ConnectAsync(CancellationToken.None)).TryGet(out _, out var error));
        Assert.Contains("one of aws.access_key and aws.secret_key is set", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_Role_IsAssumedOnceWithItsExternalId()
    {
        await using var server = await AwsServer.StartAsync();
        using var connection = server.Connect(AwsServer.Keys with { RoleArn = Role, ExternalId = "our-contract" });

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => connection.ConnectAsync(CancellationToken.None)));

        Assert.All(results, result => Assert.NotNull(result.Access));
        var credentials = await results[0].Access!.Credentials.GetCredentialsAsync();
        Assert.Equal((AwsServer.RoleKeyId, AwsServer.RoleToken), (credentials.AccessKey, credentials.Token));
        string body = Assert.Single(server.Calls).Body;
        Assert.Contains($"RoleArn={Uri.EscapeDataString(Role)}", body, StringComparison.Ordinal);
        Assert.Contains("ExternalId=our-contract", body, StringComparison.Ordinal);
        Assert.Null(await connection.ProbeAsync(CancellationToken.None));
        Assert.Equal(2, server.Calls.Count);
    }

    [Fact]
    public async Task Connect_RoleRefused_SaysSoAndIsTriedAgain()
    {
        await using var server = await AwsServer.StartAsync();
        bool refuse = true;
        server.Sts = async http =>
        {
            if (refuse)
            {
                await AwsServer.WriteAsync(
                    http, 403, "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>", "text/xml");
            }

            return refuse;
        };
        using var connection = server.Connect(AwsServer.Keys with { RoleArn = Role });

        Assert.False((await connection.ConnectAsync(CancellationToken.None)).TryGet(out _, out var error));
        Assert.Equal(FailureKind.Forbidden, error.Kind);
        Assert.Equal("cannot get credentials of AWS: 403 AccessDenied: not authorized to perform: sts:AssumeRole", error.Message);

        refuse = false;
        Assert.True((await connection.ConnectAsync(CancellationToken.None)).TryGet(out _, out _));
    }

    [Fact]
    public async Task Connect_StsBreaksOff_NothingOfTheActionWasSent()
    {
        await using var server = await AwsServer.StartAsync();
        server.Sts = http =>
        {
            http.Abort();
            return Task.FromResult(true);
        };
        using var connection = server.Connect(AwsServer.Keys with { RoleArn = Role });

        Assert.Equal(FailureKind.Unreachable, (await connection.ConnectAsync(CancellationToken.None)).Error!.Kind);
    }

    [Theory]
    [InlineData("/var/run/token", 0)]
    [InlineData(null, 1)]
    public async Task Connect_RoleOfTheEnvironment_IsThatOfTheWebIdentityOnlyWithAToken(string? tokenFile, int assumed)
    {
        await using var server = await AwsServer.StartAsync();
        (string, string)[] environment = tokenFile is null ? [("AWS_ROLE_ARN", Role)] : [("AWS_ROLE_ARN", Role), ("AWS_WEB_IDENTITY_TOKEN_FILE", tokenFile)];
        using var connection = server.Connect(AwsServer.Keys with { RoleArn = Role }, null, environment);

        Assert.True((await connection.ConnectAsync(CancellationToken.None)).TryGet(out _, out _));
        Assert.Equal(assumed, server.Calls.Count);
    }

    [Fact]
    public async Task Texts_Secrets_AreInNoneOfThem()
    {
        await using var server = await AwsServer.StartAsync();
        using var connection = server.Connect(AwsServer.Keys with { RoleArn = Role });
        var result = await connection.ConnectAsync(CancellationToken.None);

        Assert.All(
            new[] { connection.ToString(), result.ToString(), result.Access!.ToString(), AwsServer.Keys.ToString(), result.Access.Credentials.ToString() },
            text => Assert.DoesNotContain("canary", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AWS_ENDPOINT_URL_LAMBDA=http://a:1;AWS_ENDPOINT_URL=http://b:2", "http://a:1/")]
    [InlineData("AWS_ENDPOINT_URL=http://b:2", "http://b:2/")]
    [InlineData("AWS_ENDPOINT_URL=http://b:2;AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", null)]
    [InlineData("", null)]
    public void Endpoint_Environment_IsReadAsTheSdkDoes(string variables, string? expected)
    {
        var all = variables.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        using var connection = new AwsConnection(AwsServer.Keys, name => all.GetValueOrDefault(name), TimeProvider.System);

        Assert.Equal(expected, connection.Endpoint("LAMBDA")?.ToString());
    }

    [Fact]
    public async Task Connect_ListenerThatNeverAnswers_EndsWithTheToken()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        using var connection = new AwsConnection(
            AwsServer.Keys with { RoleArn = Role }, name => name == "AWS_ENDPOINT_URL" ? $"http://{listener.LocalEndpoint}" : null, TimeProvider.System);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection.ConnectAsync(stop.Token));
    }
}
