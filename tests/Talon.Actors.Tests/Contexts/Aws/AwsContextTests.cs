using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Contexts.Aws;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Actionners;
using Talon.Actors.Tests.Clients.Aws;
using Talon.CloudApi.Aws;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Contexts.Aws;

public sealed class AwsContextTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task LookUp_InstanceWithAProfile_GivesAllKeys()
    {
        await using var server = await InstanceServer.StartAsync();
        using var connection = Connect(server.Address);

        var found = Assert.IsType<ContextResult.Found>(await LookUpAsync(Context(connection)));

        Assert.Equal(AwsModule.Module.Descriptor.Keys.Order(StringComparer.Ordinal), found.Values.Keys);
        Assert.Equal("arn:aws:iam::123456789012:instance-profile/node", found.Values["aws.instance_profile_arn"]);
        Assert.Equal("AIPA123", found.Values["aws.instance_profile_id"]);
        Assert.Equal("eu-west-3", found.Values["aws.region"]);
        Assert.Equal(["PUT /latest/api/token", $"GET {InstanceServer.ProfilePath}", $"GET {InstanceServer.RegionPath}"], server.Calls);
    }

    [Fact]
    public async Task LookUp_NoProfile_LeavesItsKeysOut()
    {
        await using var server = await InstanceServer.StartAsync();
        server.Values.TryRemove(InstanceServer.ProfilePath, out _);
        using var connection = Connect(server.Address);

        Assert.Equal(["aws.region"], Assert.IsType<ContextResult.Found>(await LookUpAsync(Context(connection))).Values.Keys);
    }

    [Fact]
    public async Task LookUp_WithinFiveMinutes_IsFromTheCacheAndTheTokenLastsLonger()
    {
        await using var server = await InstanceServer.StartAsync();
        using var connection = Connect(server.Address);
        var context = Context(connection);
        await LookUpAsync(context);
        server.Values[InstanceServer.RegionPath] = "eu-west-1";

        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.Equal("eu-west-3", Assert.IsType<ContextResult.Found>(await LookUpAsync(context)).Values["aws.region"]);
        Assert.Equal(3, server.Calls.Count);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("eu-west-1", Assert.IsType<ContextResult.Found>(await LookUpAsync(context)).Values["aws.region"]);
        Assert.Equal(5, server.Calls.Count);

        _clock.Advance(TimeSpan.FromHours(6));
        await LookUpAsync(context);
        Assert.Equal(2, server.Calls.Count(call => call.StartsWith("PUT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task LookUp_TokenNoLongerTaken_GetsANewOne()
    {
        await using var server = await InstanceServer.StartAsync();
        using var connection = Connect(server.Address);
        var context = Context(connection);
        await LookUpAsync(context);
        server.Revoke();
        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.IsType<ContextResult.Found>(await LookUpAsync(context));
        Assert.Equal(2, server.Calls.Count(call => call.StartsWith("PUT", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(401, FailureKind.Unauthorized)]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(503, FailureKind.ServerError)]
    public async Task LookUp_Refused_FailsAndIsAskedAgain(int status, FailureKind kind)
    {
        await using var server = await InstanceServer.StartAsync();
        using var connection = Connect(server.Address);
        var context = Context(connection);
        server.Refuses = status;

        Assert.Equal(kind, (await FailAsync(context)).Kind);

        server.Refuses = null;
        Assert.IsType<ContextResult.Found>(await LookUpAsync(context));
    }

    [Fact]
    public async Task LookUp_ProfileThatIsNotJson_Fails()
    {
        await using var server = await InstanceServer.StartAsync();
        server.Values[InstanceServer.ProfilePath] = "<html>";
        using var connection = Connect(server.Address);

        Assert.Equal(FailureKind.ServerError, (await FailAsync(Context(connection))).Kind);
    }

    [Fact]
    public async Task LookUp_NobodyListens_IsUnreachable()
    {
        using var connection = Connect($"http://127.0.0.1:{FreePorts.Take(1)[0]}");

        var failed = await FailAsync(Context(connection));

        Assert.Equal(FailureKind.Unreachable, failed.Kind);
        Assert.StartsWith("cannot ask the metadata service of the EC2 instance: no connection", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LookUp_Disabled_AsksNothing()
    {
        await using var server = await InstanceServer.StartAsync();
        using var connection = Connect(server.Address, ("AWS_EC2_METADATA_DISABLED", "True"));

        Assert.Contains("AWS_EC2_METADATA_DISABLED", (await FailAsync(Context(connection))).Reason, StringComparison.Ordinal);
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task LookUp_NodeLeft_AsksNothing()
    {
        await using var server = await InstanceServer.StartAsync();
        using var connection = Connect(server.Address);

        var result = await Context(connection).LookUpAsync(Request(), ActionnerRig.Scope(up: () => false));

        Assert.Equal(FailureKind.NotSent, Assert.IsType<ActionOutcome.Failed>(Assert.IsType<ContextResult.Failed>(result).Outcome).Kind);
        Assert.Empty(server.Calls);
    }

    private AwsConnection Connect(string address, params (string Name, string Value)[] environment)
    {
        var all = environment.Append(("AWS_EC2_METADATA_SERVICE_ENDPOINT", address)).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);
        return new AwsConnection(AwsServer.Keys with { Region = "" }, name => all.GetValueOrDefault(name), _clock);
    }

    private AwsContext Context(AwsConnection connection) => new(connection.Instance, _clock);

    private static ActionRequest Request() => ActionnerRig.Request("aws:lambda", TestEvents.ForPod("shop", "cart-0"));

    private static Task<ContextResult> LookUpAsync(AwsContext context) => context.LookUpAsync(Request(), ActionnerRig.Scope());

    private static async Task<ActionOutcome.Failed> FailAsync(AwsContext context)
    {
        var failed = Assert.IsType<ActionOutcome.Failed>(Assert.IsType<ContextResult.Failed>(await LookUpAsync(context)).Outcome);
        Assert.DoesNotContain("canary", failed.ToString(), StringComparison.Ordinal);
        return failed;
    }
}
