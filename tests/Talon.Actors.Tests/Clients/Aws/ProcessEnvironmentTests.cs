using Amazon;
using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Actionners.Functions.Lambda;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Actionners;
using Talon.Actors.Tests.Actionners.Functions.Lambda;
using Talon.CloudApi.Aws;
using Talon.Rules.Outcomes;
using Talon.Testing.Tools;

namespace Talon.Actors.Tests.Clients.Aws;

/// <summary>
/// The chain of the SDK reads the environment of the process, which all tests share: these run alone.
/// </summary>
[Collection(Alone.Name)]
public sealed class ProcessEnvironmentTests : IDisposable
{
    private const string Role = "arn:aws:iam::123456789012:role/irsa";

    private readonly Dictionary<string, string?> _before = new(StringComparer.Ordinal);
    private readonly TempFolder _folder = new();

    public ProcessEnvironmentTests()
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)))
        {
            Set(name, null);
        }

        FallbackRegionFactory.Reset();
        Set("AWS_EC2_METADATA_DISABLED", "true");
        Set("AWS_SHARED_CREDENTIALS_FILE", Path.Combine(_folder.Path, "none"));
        Set("AWS_CONFIG_FILE", Path.Combine(_folder.Path, "none"));
    }

    [Fact]
    public async Task Connect_WebIdentity_IsTakenOnceAndNotAssumedASecondTime()
    {
        await using var server = await AwsServer.StartAsync();
        WebIdentity(server);

        // As in a pod: Talon reads AWS_ROLE_ARN as aws.role_arn.
        using var connection = new AwsConnection(new AwsOptions { RoleArn = Role }, Environment.GetEnvironmentVariable, TimeProvider.System);
        var actionner = new LambdaActionner(new LambdaClient(connection));
        var request = LambdaRig.Request();
        var ready = Assert.IsType<Preparation.Ready>(await actionner.PrepareAsync(request, ActionnerRig.Scope()));
        var outcome = await actionner.RunAsync(request, ready, ActionnerRig.Scope());

        Assert.IsType<ActionOutcome.Succeeded>(outcome);
        var sts = Assert.Single(server.Calls, call => call.Body.Contains("Action=AssumeRole", StringComparison.Ordinal));
        Assert.Contains($"WebIdentityToken={AwsServer.WebIdentity}", sts.Body, StringComparison.Ordinal);
        Assert.Contains($"RoleArn={Uri.EscapeDataString(Role)}", sts.Body, StringComparison.Ordinal);
        Assert.Equal(AwsServer.WebToken, Assert.Single(server.Invocations).Headers["X-Amz-Security-Token"]);
        Assert.Null(await connection.ProbeAsync(CancellationToken.None));
        Assert.DoesNotContain("canary", $"{outcome} {connection}", StringComparison.Ordinal);
    }

    [ToolFact(TestTool.Moto)]
    [Trait("Speed", "Slow")]
    public async Task Connect_WebIdentityOfTheEmulator_CallsAFunctionWithItsRole()
    {
        await using var account = await MotoAccount.StartAsync(uncheckedCalls: 1);
        WebIdentity(account.Server.Address, MotoAccount.Role, MotoAccount.Region);
        using var connection = new AwsConnection(new AwsOptions { RoleArn = MotoAccount.Role }, Environment.GetEnvironmentVariable, TimeProvider.System);

        Assert.True((await connection.ConnectAsync(CancellationToken.None)).TryGet(out var access, out var error), $"{error}");
        Assert.True((await access.Credentials.GetCredentialsAsync()).UseToken);
        EmulatorTests.Succeeds(await EmulatorTests.RunAsync(connection, MotoAccount.Function), account);
    }

    [Fact]
    public async Task Connect_WebIdentityAndAnotherRole_IsAssumedOnTop()
    {
        await using var server = await AwsServer.StartAsync();
        WebIdentity(server);
        using var connection = new AwsConnection(
            new AwsOptions { RoleArn = "arn:aws:iam::210987654321:role/other", ExternalId = "x1" }, Environment.GetEnvironmentVariable, TimeProvider.System);

        var access = (await connection.ConnectAsync(CancellationToken.None)).Access!;

        Assert.Equal(AwsServer.RoleKeyId, (await access.Credentials.GetCredentialsAsync()).AccessKey);
        Assert.Equal(["AssumeRoleWithWebIdentity", "AssumeRole"], server.Calls.Select(call => call.Body.Split("Action=")[1].Split('&')[0]));
        Assert.Equal(AwsServer.WebToken, server.Calls.Last().Headers["X-Amz-Security-Token"]);
    }

    [Fact]
    public async Task Connect_WebIdentityRefused_IsToldWithoutTheTokenAndTriedAgain()
    {
        await using var server = await AwsServer.StartAsync();
        WebIdentity(server);
        bool refuse = true;
        server.Sts = async http =>
        {
            if (refuse)
            {
                await AwsServer.WriteAsync(
                    http, 400, $"<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredTokenException</Code><Message>Token {AwsServer.WebIdentity} expired</Message></Error></ErrorResponse>", "text/xml");
            }

            return refuse;
        };
        using var connection = new AwsConnection(new AwsOptions(), Environment.GetEnvironmentVariable, TimeProvider.System);

        Assert.False((await connection.ConnectAsync(CancellationToken.None)).TryGet(out _, out var error));
        Assert.Equal((FailureKind.Unauthorized, "cannot get credentials of AWS: 400 ExpiredTokenException"), (error.Kind, error.Message));

        refuse = false;
        Assert.Null(await connection.ProbeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Connect_KeysOfTheEnvironment_AreTaken()
    {
        await using var server = await AwsServer.StartAsync();
        Set("AWS_ACCESS_KEY_ID", AwsServer.KeyId);
        Set("AWS_SECRET_ACCESS_KEY", AwsServer.Secret);
        using var connection = server.Connect(new AwsOptions { Region = AwsServer.Region });

        Assert.Null(await connection.ProbeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Connect_Profile_GivesItsKeys()
    {
        await using var server = await AwsServer.StartAsync();
        // AWS_SHARED_CREDENTIALS_FILE is read once a process.
        AWSConfigs.AWSProfilesLocation = _folder.Write("credentials", $"[responder]\naws_access_key_id = {AwsServer.KeyId}\naws_secret_access_key = {AwsServer.Secret}\n");
        Set("AWS_PROFILE", "responder");
        using var connection = server.Connect(new AwsOptions { Region = AwsServer.Region });

        Assert.Null(await connection.ProbeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Connect_NoCredentialsAtAll_IsUnreachableAndFoundLater()
    {
        await using var server = await AwsServer.StartAsync();
        using var connection = server.Connect(new AwsOptions { Region = AwsServer.Region });

        Assert.False((await connection.ConnectAsync(CancellationToken.None)).TryGet(out _, out var error));
        Assert.Equal(FailureKind.Unreachable, error.Kind);
        Assert.StartsWith("cannot get credentials of AWS: there are none", error.Message, StringComparison.Ordinal);

        Set("AWS_ACCESS_KEY_ID", AwsServer.KeyId);
        Set("AWS_SECRET_ACCESS_KEY", AwsServer.Secret);
        await Eventually.TrueAsync(async () => (await connection.ConnectAsync(CancellationToken.None)).Access is not null);
    }

    [Fact]
    public async Task Connect_ContainerCredentials_AreTaken()
    {
        await using var server = await AwsServer.StartAsync();
        await using var agent = await CredentialsAgent.StartAsync("canary-agent-token");
        Set("AWS_CONTAINER_CREDENTIALS_FULL_URI", agent.Address);
        Set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", _folder.Write("agent-token", "canary-agent-token"));
        using var connection = server.Connect(new AwsOptions { Region = AwsServer.Region });

        Assert.Null(await connection.ProbeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Connect_NoRegion_IsLookedForAgainAfterASecond()
    {
        var clock = new FakeTimeProvider();
        string? region = null;
        using var connection = new AwsConnection(
            AwsServer.Keys with { Region = "" }, name => name switch { "AWS_REGION" => region, "AWS_EC2_METADATA_DISABLED" => "true", _ => null }, clock);

        Assert.False((await connection.ConnectAsync(CancellationToken.None)).TryGet(out _, out var error));
        Assert.Equal(FailureKind.Unreachable, error.Kind);
        Assert.Contains("no region", error.Message, StringComparison.Ordinal);

        region = AwsServer.Region;
        Assert.False((await connection.ConnectAsync(CancellationToken.None)).TryGet(out _, out _));

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await connection.ConnectAsync(CancellationToken.None)).TryGet(out _, out _));
    }

    [Fact]
    public async Task Connect_RegionOnlyOfTheInstance_IsTaken()
    {
        await using var server = await InstanceServer.StartAsync();
        using var connection = new AwsConnection(
            AwsServer.Keys with { Region = "" }, name => name == "AWS_EC2_METADATA_SERVICE_ENDPOINT" ? server.Address : null, TimeProvider.System);

        Assert.Equal("eu-west-3", (await connection.ConnectAsync(CancellationToken.None)).Access!.Region.SystemName);
    }

    public void Dispose()
    {
        AWSConfigs.AWSProfilesLocation = null;
        FallbackRegionFactory.Reset();
        foreach (var (name, value) in _before)
        {
            SetVariable(name, value);
        }

        _folder.Dispose();
    }

    private void WebIdentity(AwsServer server) => WebIdentity(server.Address, Role, AwsServer.Region);

    private void WebIdentity(Uri address, string role, string region)
    {
        Set("AWS_WEB_IDENTITY_TOKEN_FILE", _folder.Write("token", AwsServer.WebIdentity));
        Set("AWS_ROLE_ARN", role);
        Set("AWS_REGION", region);
        Set("AWS_ENDPOINT_URL", address.ToString());
        Set("AWS_ENDPOINT_URL_STS", address.ToString());
    }

    private void Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        SetVariable(name, value);
    }

#pragma warning disable RS0030 // The SDK reads the environment of the process and nothing else; no event comes near these values.
    private static void SetVariable(string name, string? value) => Environment.SetEnvironmentVariable(name, value);
#pragma warning restore RS0030

    /// <summary>Tests that change what the whole process shares.</summary>
    [CollectionDefinition(Name, DisableParallelization = true)]
    public sealed class Alone
    {
        public const string Name = "alone with the environment of the process";
    }
}
