using Talon.Actors.Actionners.Functions.Lambda;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Actionners;
using Talon.Actors.Tests.Actionners.Functions.Lambda;
using Talon.Rules.Outcomes;
using Talon.Testing.Tools;

namespace Talon.Actors.Tests.Clients.Aws;

/// <summary>Lambda and STS of the emulator moto, which checks signatures and rights with code that is not ours.</summary>
[Trait("Speed", "Slow")]
public sealed class EmulatorTests
{
    [ToolFact(TestTool.Moto)]
    public async Task LambdaAndSts_KeysAndRights_AreChecked()
    {
        await using var account = await MotoAccount.StartAsync();

        using var allowed = account.Connect(account.Allowed);
        Assert.Null(await allowed.ProbeAsync(CancellationToken.None));
        Succeeds(await RunAsync(allowed, MotoAccount.Function, "RequestResponse"), account);
        Succeeds(await RunAsync(allowed, MotoAccount.Function, "Event"), account);
        Succeeds(await RunAsync(allowed, MotoAccount.Function, "DryRun"), account);
        Assert.Equal(FailureKind.NotFound, Failed(await RunAsync(allowed, "nobody")).Kind);

        using var assuming = account.Connect(account.Allowed with { RoleArn = MotoAccount.Role, ExternalId = "x1" });
        Assert.True((await assuming.ConnectAsync(CancellationToken.None)).TryGet(out var access, out var error), $"{error}");
        Assert.StartsWith("ASIA", (await access.Credentials.GetCredentialsAsync()).AccessKey, StringComparison.Ordinal);
        Succeeds(await RunAsync(assuming, MotoAccount.Function), account);

        using var wrong = account.Connect(account.Allowed with { SecretKey = "canary-wrong" });
        Assert.Contains("403 SignatureDoesNotMatch", await wrong.ProbeAsync(CancellationToken.None), StringComparison.Ordinal);
        Assert.Contains("403", Failed(await RunAsync(wrong, MotoAccount.Function)).Reason, StringComparison.Ordinal);

        using var without = account.Connect(account.Other);
        Assert.Null(await without.ProbeAsync(CancellationToken.None));
        Assert.Equal(FailureKind.Forbidden, Failed(await RunAsync(without, MotoAccount.Function)).Kind);
    }

    /// <summary>
    /// With a version, because the emulator takes the <c>$</c> of <c>$LATEST</c> as it is after decoding and finds another signature than AWS:
    /// <see cref="SignatureTests"/> has that one.
    /// </summary>
    internal static async Task<ActionOutcome> RunAsync(AwsConnection connection, string function, string type = "RequestResponse")
    {
        var actionner = new LambdaActionner(new LambdaClient(connection));
        var request = LambdaRig.Request(type, function, "1");
        var outcome = await actionner.PrepareAsync(request, ActionnerRig.Scope()) switch
        {
            Preparation.Ready ready => await actionner.RunAsync(request, ready, ActionnerRig.Scope()),
            Preparation.Done done => done.Outcome,
            var later => throw new InvalidOperationException($"{later}"),
        };
        Assert.DoesNotContain("canary", outcome.ToString(), StringComparison.Ordinal);
        return outcome;
    }

    internal static void Succeeds(ActionOutcome outcome, MotoAccount account) =>
        Assert.True(outcome is ActionOutcome.Succeeded, $"{outcome}\n{account.Server.LogTail()}");

    private static ActionOutcome.Failed Failed(ActionOutcome outcome) => Assert.IsType<ActionOutcome.Failed>(outcome);
}
