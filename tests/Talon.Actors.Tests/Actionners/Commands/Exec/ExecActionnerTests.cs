using System.Diagnostics;
using Talon.Actors.Tests.Plugins.Rbac;
using Talon.KubeApi;
using Talon.Rules.Outcomes;
using static Talon.Actors.Tests.Actionners.PodWork;

namespace Talon.Actors.Tests.Actionners.Commands.Exec;

/// <summary>What holds for exec, and, where a test has a name of an actionner, for script as well: they differ only in how the text gets to the shell.</summary>
public sealed class ExecActionnerTests
{
    private const string Name = "kubernetes:exec";

    internal static IEnumerable<RbacScenario> RbacScenarios =>
    [
        new("kubernetes:exec", "a pod", RbacScenario.Texts(("command", "true")), RbacScenario.StandaloneAsync),
    ];

    public static TheoryData<string> Both { get; } = [Name, "kubernetes:script"];

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Run_HostileValue_IsDataInARealShell(string actionner)
    {
        await using var rig = await StartAsync();
        string value = "x'\"; touch PWNED; $(touch PWNED) `touch PWNED`\n";

        var outcome = await rig.RunAsync(Text(actionner, "printf '%s' \"${FD_NAME}\"; touch ran", ("fd.name", value)));

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.Equal(value, Assert.Single(succeeded.Captured).Text);
        Assert.Equal(["ran"], Directory.GetFileSystemEntries(rig.Server.Kubelets.HomeOf("shop", "cart-0", "app")).Select(Path.GetFileName));
        Assert.DoesNotContain("PWNED", succeeded.Output, StringComparison.Ordinal);
        Assert.Equal("cart-0", succeeded.Objects["pod"]);
        Assert.Equal("shop", succeeded.Objects["namespace"]);
        Assert.Empty(rig.Server.Effects.All);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Run_ExitCodeThree_FailsWithWhatWasPrinted(string actionner)
    {
        await using var rig = await StartAsync();

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Text(actionner, "echo s3cret; echo oops >&2; exit 3")));

        Assert.Equal(FailureKind.CommandFailed, failed.Kind);
        Assert.Contains("exit code 3 in the container app of the pod cart-0 in the namespace shop", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("stdout 7 bytes (sha256 ", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("stderr 5 bytes (sha256 ", failed.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(["stdout s3cret\n", "stderr oops\n"], failed.Captured.Select(captured => $"{captured.Name} {captured.Text}"));
        Assert.All(failed.Captured, captured => Assert.False(captured.Inline));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task MaxOutput_MoreIsPrinted_KeepsTheBeginningAndCountsAll(string actionner)
    {
        await using var rig = await StartAsync();
        byte[] printed = [.. "\u001b[31m"u8, .. System.Text.Encoding.UTF8.GetBytes(new string('\u20ac', 1000))];
        rig.Server.Kubelets.OnExec(_ => new ExecScript { Stdout = new MemoryStream(printed) });

        var outcome = await rig.RunAsync(Text(actionner, "x", ("max_output", "100"), ("inline", true)));

        var captured = Assert.Single(outcome.Captured);
        Assert.Equal(new string('\u20ac', 31), captured.Text);
        Assert.Equal(printed.Length, captured.Bytes);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(printed)), captured.Sha256);
        Assert.True(captured.Inline);
    }

    [Fact]
    public async Task Run_EndlessOutput_IsCutAtTheBound()
    {
        await using var rig = await StartAsync();
        rig.Server.Kubelets.OnExec(_ => new ExecScript { Stdout = new MemoryStream(new byte[20 << 20]), End = ExecEnd.Stall });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Text(Name, "x")));

        Assert.Equal(FailureKind.CommandFailed, failed.Kind);
        Assert.Contains("printed more than 16777216 bytes", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(16 << 20, Assert.Single(failed.Captured).Bytes);
    }

    [Theory]
    [InlineData(null, "", "app")]
    [InlineData("side", "", "side")]
    [InlineData(null, "side", "side")]
    public async Task Container_AskedAnnotatedOrFirst_RunsOnceThere(string? asked, string annotated, string expected)
    {
        await using var rig = await StartAsync(new PodSeed
        {
            Containers = ["app", "side"],
            Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["kubectl.kubernetes.io/default-container"] = annotated },
        });

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(asked is null ? Text(Name, "true") : Text(Name, "true", ("container", asked))));

        Assert.Equal(expected, Assert.Single(rig.Server.Kubelets.Execs).Container);
    }

    [Fact]
    public async Task Container_NoSuch_FailsAsNotFound()
    {
        await using var rig = await StartAsync();

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Text(Name, "true", ("container", "other"))));

        Assert.Equal((FailureKind.NotFound, "the pod has no container 'other'; it has app"), (failed.Kind, failed.Reason));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Variables_Unset_AreRefusedUnlessAllowed(string actionner)
    {
        await using var rig = await StartAsync();

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Text(actionner, "echo ${FD_NAME}")));
        var allowed = await rig.RunAsync(Text(actionner, "echo \"<${FD_NAME}>\"", ("allow_unset_variables", true)));

        Assert.Equal(FailureKind.Invalid, failed.Kind);
        Assert.Contains("'FD_NAME'; write allow_unset_variables: true", failed.Reason, StringComparison.Ordinal);
        Assert.Equal("<>\n", Assert.Single(allowed.Captured).Text);
        Assert.Single(rig.Server.Kubelets.Execs);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Shell_Given_IsTheProgram(string actionner)
    {
        await using var rig = await StartAsync();

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Text(actionner, "true", ("shell", "/bin/bash"))));

        Assert.Equal("/bin/bash", Assert.Single(rig.Server.Kubelets.Execs).Argv[0]);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Run_PodIsGone_FailsAsNotFound(string actionner)
    {
        await using var rig = await ActionnerRig.StartAsync();

        Assert.Equal(FailureKind.NotFound, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Text(actionner, "true"))).Kind);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Run_PodReplacedSinceItWasPrepared_IsIgnored(string actionner)
    {
        await using var rig = await StartAsync();

        var outcome = await RunAsync(rig, Text(actionner, "true"), () =>
        {
            rig.Server.Store.Remove("pods", "shop", "cart-0");
            rig.Server.Store.AddPod("shop", "cart-0");
        });

        Assert.StartsWith("pod was replaced since the event", Assert.IsType<ActionOutcome.Ignored>(outcome).Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Server.Kubelets.Execs);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Run_ProtectedNamespace_IsIgnoredWithoutARequest(string actionner)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("kube-system", "cart-0");

        Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Text(actionner, "true", ("k8s.ns.name", "kube-system"))));

        Assert.Empty(rig.Server.Requests.All);
    }

    [Theory]
    [InlineData(401, FailureKind.Unauthorized)]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(404, FailureKind.NotFound)]
    [InlineData(409, FailureKind.Conflict)]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(500, FailureKind.NotSent)]
    [InlineData(503, FailureKind.NotSent)]
    public async Task Run_HandshakeRefused_WasNotRun(int status, FailureKind kind)
    {
        await using var rig = await StartAsync();
        rig.Server.Faults.Add(At("exec", FaultRule.Answer(status) with { RetryAfterSeconds = status == 429 ? 7 : null }));
        var scope = ActionnerRig.Scope();

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Text(Name, "true"), scope));

        Assert.Equal(kind, failed.Kind);
        Assert.Contains(status.ToString(), failed.Reason, StringComparison.Ordinal);
        Assert.Equal(status == 429 ? TimeSpan.FromSeconds(7) : null, failed.RetryAfter);
        Assert.Empty(rig.Server.Kubelets.Execs);
        Assert.True(scope.Reached);
    }

    [Fact]
    public async Task Run_GatewayGaveUp_MayHaveRun()
    {
        await using var rig = await StartAsync();
        rig.Server.Faults.Add(At("exec", FaultRule.Of(FaultKind.HtmlBody502)));

        Assert.Equal(FailureKind.ServerError, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Text(Name, "true"))).Kind);
    }

    [Fact]
    public async Task Run_KubeletIsLost_WasNotRunAndTheServerIsThere()
    {
        await using var rig = await StartAsync();
        rig.Server.Kubelets.SetLost(rig.Server.Store.List("nodes")[0].Name);
        var scope = ActionnerRig.Scope();

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Text(Name, "true"), scope));

        Assert.Equal(FailureKind.NotSent, failed.Kind);
        Assert.Contains("connection refused", failed.Reason, StringComparison.Ordinal);
        Assert.True(scope.Reached);
    }

    [Theory]
    [InlineData(ExecEnd.Cut)]
    [InlineData(ExecEnd.NoStatus)]
    [InlineData(ExecEnd.Close1011)]
    public async Task Run_BrokenOffWithoutAStatus_IsNotKnown(ExecEnd end)
    {
        await using var rig = await StartAsync();
        rig.Server.Kubelets.OnExec(_ => ExecScript.Print("some output") with { EndAfter = 4, End = end });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Text(Name, "true")));

        Assert.Equal(FailureKind.ConnectionLost, failed.Kind);
        Assert.Equal("some", Assert.Single(failed.Captured).Text);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Run_SlowerThanTheDeadline_TimesOut(string actionner)
    {
        await using var rig = await StartAsync();
        rig.Server.Kubelets.OnExec(_ => new ExecScript { Delay = TimeSpan.FromMinutes(1) });
        using var stop = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();

        var failed = Assert.IsType<ActionOutcome.Failed>(
            await RunAsync(rig, Text(actionner, "true"), () => stop.CancelAfter(TimeSpan.FromMilliseconds(500)), ActionnerRig.Scope(token: stop.Token)));

        Assert.Equal(FailureKind.Timeout, failed.Kind);
        Assert.Contains("may still run", failed.Reason, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }

    [Fact]
    public async Task Run_ReadingThePodAgainFails_WasNotRun()
    {
        await using var rig = await StartAsync();

        var outcome = await RunAsync(rig, Text(Name, "true"), () => rig.Server.Faults.Add(At("", FaultRule.Answer(500, null, "get"))));

        Assert.Equal(FailureKind.NotSent, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.Empty(rig.Server.Kubelets.Execs);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Run_NoShellInTheImage_SaysSo(string actionner)
    {
        await using var rig = await StartAsync();
        rig.Server.Kubelets.OnExec(_ => new ExecScript { StartFault = "exec: \"/bin/sh\": stat /bin/sh: no such file or directory: unknown" });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Text(actionner, "true")));

        Assert.Equal(FailureKind.CommandFailed, failed.Kind);
        Assert.Contains("could not be started", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("no such file or directory", failed.Reason, StringComparison.Ordinal);
    }

    private static async Task<ActionnerRig> StartAsync(PodSeed? seed = null)
    {
        var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0", seed);
        return rig;
    }

    // What has a dot is a field of the event, all else a parameter.
    private static Talon.Actors.Plugins.ActionRequest Text(string actionner, string text, params (string Name, object Value)[] more) => Request(
        actionner,
        Map([(actionner == Name ? "command" : "script", text), .. more.Where(item => !item.Name.Contains('.', StringComparison.Ordinal))]),
        [.. more.Where(item => item.Name.Contains('.', StringComparison.Ordinal)).Select(item => (item.Name, (object?)item.Value))]);
}
