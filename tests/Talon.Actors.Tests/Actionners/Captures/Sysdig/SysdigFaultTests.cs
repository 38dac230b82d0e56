using System.Text.Json.Nodes;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Plugins;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Captures.Sysdig;

/// <summary>What goes wrong around a capture of system calls; and that its Job is always taken away.</summary>
public sealed class SysdigFaultTests
{
    private readonly MemoryOutput _output = new();

    [Fact]
    public async Task Run_ImageCannotBePulled_FailsAtOnceWithTheReason()
    {
        await using var rig = await CaptureWork.StartAsync(scale: 0.1);
        rig.Server.Kubelets.SetUnpullable("example.com/gone:1");

        var failed = await FailAsync(rig, FailureKind.CommandFailed, ("image", "example.com/gone:1"), ("image_wait", 300));

        Assert.Matches("^the pod of the Job talon/talon-sysdig-[0-9a-f]{10} does not run: it cannot start: (ErrImagePull|ImagePullBackOff): ", failed.Reason);
    }

    [Fact]
    public async Task Run_PodEndsAtOnce_FailsAtOnceWithItsExitCode()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnStart(started => started.Command.Contains("sleep") ? new ContainerFate(TimeSpan.Zero, 7) : null);

        var failed = await FailAsync(rig, FailureKind.CommandFailed, ("image_wait", 300));

        Assert.Contains("exit code 7: Error", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_KubeletTurnsThePodAway_SaysWhy()
    {
        await using var rig = await StartWithoutKubeletAsync();
        var run = rig.RunAsync(Request(("image_wait", 300)));
        string pod = await Eventually.GetAsync(() => First(rig, "pods"));

        rig.Server.Store.Update("pods", "talon", pod, json => json["status"] = new JsonObject
        {
            ["phase"] = "Failed",
            ["reason"] = "OutOfmemory",
            ["message"] = "Pod was rejected: Node didn't have enough resource",
        });

        var failed = Assert.IsType<ActionOutcome.Failed>(await run);
        Assert.Contains("OutOfmemory: Pod was rejected: Node didn't have enough resource", failed.Reason, StringComparison.Ordinal);
        await SysdigActionnerTests.NothingIsLeftAsync(rig, "talon");
    }

    [Fact]
    public async Task Run_JobHasFailed_FailsAtOnceWithTheReason()
    {
        await using var rig = await StartWithoutKubeletAsync();
        var run = rig.RunAsync(Request(("image_wait", 300)));
        string job = await Eventually.GetAsync(() => First(rig, "jobs"));

        rig.Server.Store.Update("jobs", "talon", job, json => json["status"]!["conditions"] = new JsonArray(
            new JsonObject { ["type"] = "Failed", ["status"] = "True", ["reason"] = "DeadlineExceeded", ["message"] = "too long" }));

        Assert.Contains("the Job failed: DeadlineExceeded: too long", Assert.IsType<ActionOutcome.Failed>(await run).Reason, StringComparison.Ordinal);
        await SysdigActionnerTests.NothingIsLeftAsync(rig, "talon");
    }

    [Fact]
    public async Task Run_SomebodyDeletesTheJob_FailsAtOnce()
    {
        await using var rig = await StartWithoutKubeletAsync();
        var run = rig.RunAsync(Request(("image_wait", 300)));
        string job = await Eventually.GetAsync(() => First(rig, "jobs"));

        rig.Server.Store.Remove("jobs", "talon", job);

        Assert.Equal(FailureKind.NotFound, Assert.IsType<ActionOutcome.Failed>(await run).Kind);
    }

    [Fact]
    public async Task Run_PodNeverStarts_FailsAfterTheWait()
    {
        await using var rig = await StartWithoutKubeletAsync();

        var failed = await FailAsync(rig, FailureKind.CommandFailed, ("image_wait", 1));

        Assert.Contains("did not run within 1 s (image_wait): ", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SysdigFails_KeepsNothingAndSaysWhatItSaid()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.AddProgram("sysdig", "#!/bin/sh\necho 'no BTF here' >&2\nexit 1\n");

        var failed = await FailAsync(rig, FailureKind.CommandFailed);

        Assert.Equal("sysdig ended with exit code 1: no BTF here", failed.Reason);

        // It looks whether there is a file all the same.
        Assert.Equal(["timeout", "cat"], rig.Server.Kubelets.Execs.Select(call => call.Argv[0]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(137)]
    public async Task Run_SysdigFailsAfterItWrote_KeepsThatAndSaysHowItEnded(int code)
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnExec(call => call.Argv[0] == "timeout" ? ExecScript.Print("", code) : ExecScript.Print("half a file"));

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Equal("half a file"u8.ToArray(), Assert.Single(_output.Kept).Content);
        Assert.EndsWith(
            $"; the capture was broken off, what had come by then was kept: sysdig ended with exit code {code}", succeeded.Output, StringComparison.Ordinal);
        await SysdigActionnerTests.NothingIsLeftAsync(rig, "talon");
    }

    [Fact]
    public async Task Run_ConnectionBreaksWhileSysdigRuns_KeepsWhatItWrote()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnExec(call => call.Argv[0] == "timeout"
            ? ExecScript.Print("words") with { EndAfter = 2, End = ExecEnd.Cut }
            : ExecScript.Print("half a file"));

        Assert.Contains("; the capture was broken off, ", Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request())).Output, StringComparison.Ordinal);
        Assert.Single(_output.Kept);
    }

    [Fact]
    public async Task Run_SysdigFailsWithAnEmptyFile_FailsAsSysdigDid()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnExec(call => ExecScript.Print("", call.Argv[0] == "timeout" ? 137 : 0));

        Assert.Equal("sysdig ended with exit code 137", (await FailAsync(rig, FailureKind.CommandFailed)).Reason);
    }

    [Fact]
    public async Task Run_EmptyFile_IsStoredEmptyAndSaysSo()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnExec(_ => ExecScript.Print(""));

        Assert.EndsWith("; sysdig wrote nothing", Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request())).Output, StringComparison.Ordinal);
        Assert.Empty(Assert.Single(_output.Kept).Content);
    }

    [Fact]
    public async Task Run_SysdigHearsNothing_IsEndedByTimeoutAndItsFileKept()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnExec(call => call.Argv[0] == "timeout" ? ExecScript.Print("", exitCode: 124) : ExecScript.Print("header"));

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Single(_output.Kept);
    }

    [Fact]
    public async Task Run_NoFile_Fails()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.AddProgram("sysdig", "#!/bin/sh\nexit 0\n");

        Assert.StartsWith("cat ended with exit code 1: ", (await FailAsync(rig, FailureKind.CommandFailed)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExecEnd.Cut)]
    [InlineData(ExecEnd.NoStatus)]
    public async Task Run_BrokenOffWhileFetching_KeepsNothing(ExecEnd end)
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnExec(call => call.Argv[0] == "cat" ? ExecScript.Print("half of it") with { EndAfter = 4, End = end } : null);

        await FailAsync(rig, FailureKind.ConnectionLost);
    }

    [Theory]
    [InlineData("sysdig")]
    [InlineData("cat")]
    public async Task Run_Cancelled_DeletesTheJob(string program)
    {
        await using var rig = await CaptureWork.StartAsync();
        using var stop = new CancellationTokenSource();

        var outcome = await rig.RunAsync(Request(), CaptureWork.EndedBy(rig, stop, program));

        Assert.Equal(FailureKind.Timeout, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.Empty(_output.Kept);
        await SysdigActionnerTests.NothingIsLeftAsync(rig, "talon");
    }

    [Fact]
    public async Task Run_CancelledWhileItWaits_DeletesTheJob()
    {
        await using var rig = await StartWithoutKubeletAsync();
        using var stop = new CancellationTokenSource();
        var run = rig.RunAsync(Request(("image_wait", 300)), ActionnerRig.Scope(token: stop.Token));
        await Eventually.TrueAsync(() => rig.Server.Store.List("jobs", "talon").Count == 1);

        await stop.CancelAsync();

        Assert.Contains("before the action was ended", Assert.IsType<ActionOutcome.Failed>(await run).Reason, StringComparison.Ordinal);
        await SysdigActionnerTests.NothingIsLeftAsync(rig, "talon");
    }

    [Fact]
    public async Task Run_DeadlineOrNodeGone_StillDeletesTheJob()
    {
        await using var rig = await CaptureWork.StartAsync();
        bool up = true;
        rig.Server.Kubelets.OnExec(_ =>
        {
            up = false;
            return ExecScript.Print("x");
        });

        var outcome = await rig.RunAsync(Request(), ActionnerRig.Scope(up: () => up));

        Assert.Contains("no longer Up in its cluster", Assert.IsType<ActionOutcome.Failed>(outcome).Reason, StringComparison.Ordinal);
        await SysdigActionnerTests.NothingIsLeftAsync(rig, "talon");
    }

    [Fact]
    public async Task Run_OutputBreaks_DeletesTheJob()
    {
        await using var rig = await CaptureWork.StartAsync();
        var request = Request() with { Output = new ArtifactStore(new BrokenOutput(), new("test:broken", Rules.Catalog.ParameterMap.Empty)) };

        await Assert.ThrowsAsync<IOException>(() => rig.RunAsync(request));

        await SysdigActionnerTests.NothingIsLeftAsync(rig, "talon");
    }

    [Fact]
    public async Task Run_DeleteFailsForAWhile_IsTriedAgain()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(500, 2, "delete"));

        Assert.DoesNotContain("could not be deleted", Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request())).Output, StringComparison.Ordinal);

        Assert.Empty(rig.Server.Store.List("jobs", "talon"));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(500)]
    public async Task Run_DeleteFailsForGood_SaysWhatIsLeft(int status)
    {
        await using var rig = await CaptureWork.StartAsync(clock: new HurriedClock(20));
        rig.Server.Faults.Add(FaultRule.Answer(status, null, "delete"));

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Matches("; the Job talon/talon-sysdig-[0-9a-f]{10} could not be deleted, it ends by itself and is removed then: cannot delete the Job ", succeeded.Output);
        Assert.Single(rig.Server.Store.List("jobs", "talon"));
    }

    [Fact]
    public async Task Run_DeleteAndCaptureFail_SaysBoth()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(403, null, "delete"));
        rig.Server.Kubelets.AddProgram("sysdig", "#!/bin/sh\nexit 3\n");

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request()));

        Assert.StartsWith("sysdig ended with exit code 3; the Job ", failed.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(500, FailureKind.ServerError)]
    public async Task Run_JobRefused_EndsAsTheServerSays(int status, FailureKind kind)
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(status, null, "create") with { Resource = "jobs" });

        await FailAsync(rig, kind);
    }

    [Fact]
    public async Task Run_JobMadeButTheAnswerLost_DeletesIt()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Faults.Add(FaultRule.Of(FaultKind.ResetAfterEffect, null, "create") with { Resource = "jobs" });

        await FailAsync(rig, FailureKind.ConnectionLost);

        Assert.Contains(rig.Server.Requests.All, request => request is { Verb: "delete", Resource: "jobs" });
    }

    [Fact]
    public async Task Run_JobOfAnEarlierAttempt_IsReplaced()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(403, 1, "delete"));
        await rig.RunAsync(Request());
        string first = Assert.Single(rig.Server.Store.List("jobs", "talon")).Name;

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Equal($"{first}-2", succeeded.Objects["job"]);
        await SysdigActionnerTests.NothingIsLeftAsync(rig, "talon");
    }

    [Fact]
    public async Task Run_JobOfSomebodyElse_IsLeftAlone()
    {
        await using var rig = await CaptureWork.StartAsync();
        string name = Talon.Actors.Actionners.Captures.ActionNames.Of(Request(), "sysdig");
        await Objects.CreateAsync(
            rig,
            "apis/batch/v1/namespaces/talon/jobs",
            $$"""{"metadata":{"name":"{{name}}"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"app","image":"busybox:1.36"}]} } } }""");

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Equal($"{name}-2", succeeded.Objects["job"]);
        Assert.NotNull(rig.Server.Store.Find("jobs", "talon", name));
    }

    [Fact]
    public async Task Run_PodReplacedSinceItWasPrepared_IsIgnored()
    {
        await using var rig = await CaptureWork.StartAsync();

        var outcome = await PodWork.RunAsync(rig, Request(), () =>
        {
            rig.Server.Store.Remove("pods", "shop", "cart-0");
            rig.Server.Store.AddPod("shop", "cart-0");
        });

        Assert.IsType<ActionOutcome.Ignored>(outcome);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_NoSuchPod_Fails()
    {
        await using var rig = await CaptureWork.StartAsync();

        var request = PodWork.Request("kubernetes:sysdig", PodWork.Map(), ("k8s.pod.name", "gone")) with { Output = _output.Store() };

        Assert.Equal(FailureKind.NotFound, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(request)).Kind);
    }

    [Fact]
    public async Task Run_NoOutput_FailsBeforeAnythingIsWritten()
    {
        await using var rig = await CaptureWork.StartAsync();

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request() with { Output = null }));

        Assert.Equal((FailureKind.Invalid, "the action has no output to put the capture in"), (failed.Kind, failed.Reason));
        Assert.Empty(rig.Writes);
    }

    private static string? First(ActionnerRig rig, string resource) => rig.Server.Store.List(resource, "talon") is [var first, ..] ? first.Name : null;

    // A pod that is bound to a node which nobody plays stays as it was made.
    private static Task<ActionnerRig> StartWithoutKubeletAsync() => CaptureWork.StartAsync(new PodSeed { NodeName = "node9" });

    private async Task<ActionOutcome.Failed> FailAsync(ActionnerRig rig, FailureKind kind, params (string Name, object Value)[] parameters)
    {
        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request(parameters)));
        Assert.True(kind == failed.Kind, failed.ToString());
        Assert.Empty(_output.Kept);
        await SysdigActionnerTests.NothingIsLeftAsync(rig, "talon");
        return failed;
    }

    private ActionRequest Request(params (string Name, object Value)[] parameters) =>
        PodWork.Request("kubernetes:sysdig", PodWork.Map(parameters)) with { Output = _output.Store() };

    private sealed class BrokenOutput : IOutput
    {
        public Rules.Catalog.OutputDescriptor Descriptor => throw new NotSupportedException();

        public Task<ActionOutcome.Failed?> CheckAsync(Rules.Catalog.ParameterMap parameters, CallScope scope) => Task.FromResult<ActionOutcome.Failed?>(null);

        public Task<StoreResult> StoreAsync(Rules.Catalog.ParameterMap parameters, Artifact artifact, CallScope scope) => throw new IOException("the disk is full");

        public Task<OutputTest> TestAsync(Rules.Catalog.ParameterMap parameters, Artifact artifact, CallScope scope) => throw new NotSupportedException();
    }
}
