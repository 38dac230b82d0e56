using System.Text;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Plugins.Rbac;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Commands.Log;

public sealed class LogActionnerTests
{
    internal static IEnumerable<RbacScenario> RbacScenarios =>
    [
        new("kubernetes:log", "a pod", ParameterMap.Empty, async rig =>
        {
            var about = await RbacScenario.StandaloneAsync(rig);
            rig.Server.Kubelets.SetLog("shop", "cart-0", "app", "a line\n"u8);
            return about;
        }),
    ];

    private readonly MemoryOutput _output = new();

    [Fact]
    public async Task Run_WithoutOutput_CapturesEachContainer()
    {
        await using var rig = await StartAsync();

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Equal(["log app: one\ntwo\n", "log side: three\n"], succeeded.Captured.Select(captured => $"{captured.Name}: {captured.Text}"));
        Assert.All(succeeded.Captured, captured => Assert.False(captured.Inline));
        Assert.Contains("app 8 bytes (sha256 ", succeeded.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("three", succeeded.Output, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_WithOutput_StoresOneArtifactWithSections()
    {
        await using var rig = await StartAsync();

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request() with { Output = _output.Store() }));

        var (artifact, content) = Assert.Single(_output.Kept);
        Assert.Equal("log", artifact.Name);
        Assert.Equal("==> app <==\none\ntwo\n==> side <==\nthree\n", Encoding.UTF8.GetString(content));
        Assert.Empty(succeeded.Captured);
        Assert.True(succeeded.Artifact!.Stored);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_NoLines_IsIgnoredWithTheReason(bool stored)
    {
        await using var rig = await StartAsync();
        rig.Server.Kubelets.SetLog("shop", "cart-0", "app", ""u8);
        rig.Server.Kubelets.SetLog("shop", "cart-0", "side", ""u8);

        var ignored = Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(stored ? Request() with { Output = _output.Store() } : Request()));

        Assert.StartsWith("the logs of the pod cart-0 in the namespace shop are empty", ignored.Reason, StringComparison.Ordinal);
        Assert.Empty(_output.Kept);
    }

    [Fact]
    public async Task Parameters_Given_GoIntoTheRequest()
    {
        await using var rig = await StartAsync();

        var outcome = await rig.RunAsync(Request(("container", "side"), ("tail_lines", 7), ("since_seconds", 60), ("inline", true)));

        Assert.True(Assert.Single(outcome.Captured).Inline);
        var read = Assert.Single(rig.Server.Requests.All, request => request.Path.EndsWith("/log", StringComparison.Ordinal));
        Assert.Contains("container=side", read.Query, StringComparison.Ordinal);
        Assert.Contains("tailLines=7", read.Query, StringComparison.Ordinal);
        Assert.Contains("sinceSeconds=60", read.Query, StringComparison.Ordinal);
        Assert.Contains("limitBytes=", read.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TailLines_Given_AreTheLastOnes()
    {
        await using var rig = await StartAsync();

        Assert.Equal("two\n", Assert.Single((await rig.RunAsync(Request(("container", "app"), ("tail_lines", 1)))).Captured).Text);
    }

    [Fact]
    public async Task Previous_AfterARestart_ReadsTheRunBefore()
    {
        await using var rig = await StartAsync();
        rig.Server.Kubelets.SetLog("shop", "cart-0", "app", "before\n"u8, previous: true);

        Assert.Equal("before\n", Assert.Single((await rig.RunAsync(Request(("container", "app"), ("previous", true)))).Captured).Text);
        Assert.Equal(FailureKind.NotFound, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request(("previous", true)))).Kind);
    }

    [Fact]
    public async Task Run_LongLog_IsCutAndCounted()
    {
        await using var rig = await StartAsync();
        rig.Server.Kubelets.SetLog("shop", "cart-0", "app", Encoding.UTF8.GetBytes(new string('x', 200_000) + "\n"));

        var captured = Assert.Single((await rig.RunAsync(Request(("container", "app")))).Captured);

        Assert.Equal((200_001, 65_536), (captured.Bytes, captured.Text.Length));
    }

    [Fact]
    public async Task Run_ProtectedNamespace_IsAllowed()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("kube-system", "cart-0");
        rig.Server.Kubelets.SetLog("kube-system", "cart-0", "app", "one\n"u8);

        var outcome = await rig.RunAsync(PodWork.Request("kubernetes:log", PodWork.Map(), ("k8s.ns.name", "kube-system")));

        Assert.Equal("one\n", Assert.Single(outcome.Captured).Text);
    }

    [Theory]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(500, FailureKind.ServerError)]
    public async Task Run_Refused_Fails(int status, FailureKind kind)
    {
        await using var rig = await StartAsync();
        rig.Server.Faults.Add(PodWork.At("log", FaultRule.Answer(status)));
        var scope = ActionnerRig.Scope();

        Assert.Equal(kind, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request(), scope)).Kind);
        Assert.Equal(kind, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request() with { Output = _output.Store() }, scope)).Kind);
        Assert.Empty(_output.Kept);
        Assert.True(scope.Reached);
    }

    [Fact]
    public async Task Run_PodIsGone_FailsAsNotFound()
    {
        await using var rig = await ActionnerRig.StartAsync();

        Assert.Equal(FailureKind.NotFound, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request())).Kind);
    }

    [Fact]
    public async Task Run_PodReplacedSinceItWasPrepared_IsIgnored()
    {
        await using var rig = await StartAsync();

        var outcome = await PodWork.RunAsync(rig, Request(), () =>
        {
            rig.Server.Store.Remove("pods", "shop", "cart-0");
            rig.Server.Store.AddPod("shop", "cart-0");
        });

        Assert.IsType<ActionOutcome.Ignored>(outcome);
    }

    [Fact]
    public async Task Run_PodNotStarted_SaysSo()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0", new PodSeed { Phase = "Pending", NodeName = "" });

        Assert.Equal(FailureKind.NotFound, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request())).Kind);
    }

    [Fact]
    public async Task Run_SlowKubelet_TimesOutWithoutBlameOfTheServer()
    {
        await using var rig = await StartAsync();
        rig.Server.Faults.Add(PodWork.At("log", FaultRule.Delay(TimeSpan.FromMinutes(1))));
        using var stop = new CancellationTokenSource();
        var scope = ActionnerRig.Scope(token: stop.Token);

        var outcome = await PodWork.RunAsync(rig, Request(), () => stop.CancelAfter(TimeSpan.FromMilliseconds(1_500)), scope);

        Assert.Equal(FailureKind.Timeout, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.True(scope.Reached);
    }

    private static async Task<ActionnerRig> StartAsync()
    {
        var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0", new PodSeed { Containers = ["app", "side"] });
        rig.Server.Kubelets.SetLog("shop", "cart-0", "app", "one\ntwo\n"u8);
        rig.Server.Kubelets.SetLog("shop", "cart-0", "side", "three\n"u8);
        return rig;
    }

    private static ActionRequest Request(params (string Name, object Value)[] parameters) => PodWork.Request("kubernetes:log", PodWork.Map(parameters));
}
