using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Categories;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Pipeline.Categories;

/// <summary>The circuit and the bounds of a category, seen from outside.</summary>
[Trait("Speed", "Slow")]
public sealed class CategoryTests
{
    [Fact]
    public async Task Circuit_FiveAttemptsThatDidNotReachTheSystem_OpensAndComesBack()
    {
        var probe = new PipelineTests.FakeProbe();
        bool down = true;
        var fake = new FakeActionner
        {
            Run = (_, scope) =>
            {
                scope.Note(reached: !down);
                return Task.FromResult<ActionOutcome>(
                    down ? SampleOutcomes.Failure(FailureKind.Unreachable) : new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects));
            },
        };
        await using var rig = await PipelineRig.StartAsync([fake], probes: [probe]);
        await Eventually.TrueAsync(() => rig.Status.Categories is [{ Circuit: CircuitState.Closed }]);

        probe.Trouble = "down";
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => rig.AcceptAsync(Sample.Event($"event {i}"), Sample.OneAction())));
        await Eventually.TrueAsync(() => rig.Status.Categories is [{ Circuit: CircuitState.Open, Reason: "down", Running: 0 }]);
        int ran = fake.Ran.Count;
        await rig.AcceptAsync(Sample.Event("while open"), Sample.OneAction());
        await Eventually.TrueAsync(() => rig.Status.Categories is [{ Queued: > 0 }]);
        Assert.Equal(ran, fake.Ran.Count);

        down = false;
        probe.Trouble = null;
        await rig.FinalAsync(count: 7);
        Assert.All(rig.Lines.Where(l => l.Status is "success" or "failure" && l.Message == "action"), l => Assert.Equal("success", l.Status));
        await Eventually.TrueAsync(() => rig.Status.Categories is [{ Circuit: CircuitState.Closed, Reason: null }]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Later_HoldsNoSlotAndIsNoAttempt(bool dryRun)
    {
        bool isThere = false;
        var fake = new FakeActionner
        {
            Prepare = (request, scope) =>
            {
                scope.Note(reached: true);
                bool late = request.Event.Output == "late" && !isThere;
                return Task.FromResult<Preparation>(late
                    ? new Preparation.Later("no container yet")
                    : new Preparation.Ready(null, "fake it", SampleOutcomes.NoObjects));
            },
        };
        await using var rig = await PipelineRig.StartAsync([fake], new PipelineOptions { ShortLane = 1, DryRun = dryRun });
        await rig.AcceptAsync(Sample.Event("late"), Sample.OneAction());
        await Eventually.TrueAsync(() => fake.Prepared.Count(request => request.Event.Output == "late") >= 2);

        await rig.AcceptAsync(Sample.Event("other"), Sample.OneAction());
        await rig.FinalAsync();
        await Eventually.TrueAsync(() => rig.Status.Categories is [{ Running: 0, Queued: 0 }]);
        Assert.Single(rig.Lines, line => line.Message == "action" && line.Status is "success" or "ignored");
        int looks = fake.Prepared.Count;

        isThere = true;
        await rig.FinalAsync(count: 2);
        Assert.Equal(dryRun ? 0 : 2, fake.Ran.Count);
        Assert.True(fake.Prepared.Count > looks);
        Assert.DoesNotContain(rig.Lines, line => line.Status is "failure" or "retry");
    }

    [Fact]
    public async Task Later_TheNodeStopsMeanwhile_TheNextOwnerGoesOn()
    {
        string folder = Directory.CreateTempSubdirectory("talon-later-").FullName;
        try
        {
            var late = new FakeActionner { Prepare = (_, _) => Task.FromResult<Preparation>(new Preparation.Later("no container yet")) };
            await using (var rig = await PipelineRig.StartAsync([late], folder: folder))
            {
                await rig.AcceptAsync(Sample.Event("late"), Sample.OneAction());
                await Eventually.TrueAsync(() => late.Prepared.Count >= 2);
                await rig.StopAsync();
            }

            var there = new FakeActionner();
            await using var next = await PipelineRig.StartAsync([there], folder: folder);

            Assert.Equal("success", (await next.FinalAsync()).Status);
            Assert.Equal(Assert.Single(there.Ran).AcceptedAt, late.Prepared.First().AcceptedAt);
            Assert.Empty(late.Ran);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Later_WhatWasRead_ClosesAHalfOpenCircuit()
    {
        var probe = new PipelineTests.FakeProbe();
        bool down = true;
        var fake = new FakeActionner
        {
            Prepare = (request, scope) =>
            {
                if (request.Event.Output == "late")
                {
                    scope.Note(reached: true);
                    return Task.FromResult<Preparation>(new Preparation.Later("no container yet"));
                }

                scope.Note(reached: !down);
                return Task.FromResult<Preparation>(new Preparation.Done(SampleOutcomes.Failure(FailureKind.Unreachable)));
            },
        };
        await using var rig = await PipelineRig.StartAsync([fake], new PipelineOptions { RetryMaxAge = TimeSpan.Zero }, [probe]);
        await Eventually.TrueAsync(() => rig.Status.Categories is [{ Circuit: CircuitState.Closed }]);
        probe.Trouble = "down";
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => rig.AcceptAsync(Sample.Event($"event {i}"), Sample.OneAction())));
        await Eventually.TrueAsync(() => rig.Status.Categories is [{ Circuit: CircuitState.Open, Reason: "down" }]);

        await rig.AcceptAsync(Sample.Event("late"), Sample.OneAction());
        down = false;
        probe.Trouble = null;

        await Eventually.TrueAsync(() => rig.Status.Categories is [{ Circuit: CircuitState.Closed, Reason: null }]);
    }

    [Fact]
    public async Task Remark_OfThePreparation_StandsInTheOutcome()
    {
        var fake = new FakeActionner
        {
            Prepare = (_, scope) =>
            {
                scope.While(() => null).Say("the pod was told by its age");
                return Task.FromResult<Preparation>(new Preparation.Ready(null, "fake it", SampleOutcomes.NoObjects));
            },
        };
        await using var rig = await PipelineRig.StartAsync([fake]);

        await rig.AcceptAsync(Sample.Event(), Sample.OneAction());

        Assert.Equal("done; the pod was told by its age", (await rig.FinalAsync()).Output);
    }

    [Theory]
    [InlineData(FailureKind.ServerError)]
    [InlineData(FailureKind.Timeout)]
    [InlineData(FailureKind.ConnectionLost)]
    [InlineData(FailureKind.Throttled)]
    public async Task Circuit_AnswersAboutObjects_NeverOpenIt(FailureKind kind)
    {
        var fake = new FakeActionner(repeatSafe: false)
        {
            Run = (_, scope) =>
            {
                scope.Note(reached: true);
                return Task.FromResult<ActionOutcome>(SampleOutcomes.Failure(kind));
            },
        };
        await using var rig = await PipelineRig.StartAsync([fake], new PipelineOptions { RetryMaxAge = TimeSpan.Zero }, [new PipelineTests.FakeProbe()]);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => rig.AcceptAsync(Sample.Event($"event {i}"), Sample.OneAction())));
        await rig.FinalAsync(count: 12);

        Assert.DoesNotContain(rig.Lines, line => line.Message == "health" && line.Error is not null && line.Category == "kubernetes");
    }

    [Fact]
    public async Task Circuit_HalfOpen_OneAtATimeUntilOneGetsThrough()
    {
        bool down = true;
        int mostWhileDown = 0;
        int now = 0;
        var fake = new FakeActionner
        {
            Run = async (_, scope) =>
            {
                int running = Interlocked.Increment(ref now);
                if (!down)
                {
                    Interlocked.Decrement(ref now);
                    scope.Note(reached: true);
                    return new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects);
                }

                mostWhileDown = Math.Max(mostWhileDown, running);
                await Task.Yield();
                Interlocked.Decrement(ref now);
                scope.Note(reached: false);
                return SampleOutcomes.Failure(FailureKind.Unreachable);
            },
        };

        // The probe says that the system is there: only the actions know better.
        await using var rig = await PipelineRig.StartAsync([fake], new PipelineOptions { ShortLane = 1 }, [new PipelineTests.FakeProbe()]);
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => rig.AcceptAsync(Sample.Event($"event {i}"), Sample.OneAction())));
        await Eventually.TrueAsync(() => rig.Lines.Any(l => l.Error?.Contains("the action that was let through did not reach it", StringComparison.Ordinal) == true));

        // Five opened it; each sign of life since then let one through.
        int opened = rig.Lines.Count(l => l.Error?.StartsWith("degraded", StringComparison.Ordinal) == true);
        Assert.InRange(fake.Ran.Count, 6, 5 + opened + 1);

        down = false;
        await rig.FinalAsync(count: 30);
        Assert.All(rig.Lines.Where(l => l.Message == "action" && l.Status is "success" or "failure"), l => Assert.Equal("success", l.Status));
    }

    [Fact]
    public async Task Queue_Crowded_KeepsEveryRequestAndEverythingRuns()
    {
        var gate = new TaskCompletionSource();
        var fake = new FakeActionner
        {
            Run = async (_, _) =>
            {
                await gate.Task;
                return new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects);
            },
        };
        await using var rig = await PipelineRig.StartAsync([fake], new PipelineOptions { ShortLane = 1, Crowd = 3 });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => rig.AcceptAsync(Sample.Event($"event {i}", $"cart-{i}"), Sample.OneAction())));
        await Eventually.TrueAsync(() => rig.Status.Categories is [{ Running: 1, Queued: 19 }]);
        gate.SetResult();

        await rig.FinalAsync(count: 20);
        Assert.Equal(20, fake.Ran.Count);
    }

    [Fact]
    public async Task Queue_FloodAboutOneObject_LeavesRoomForOthers()
    {
        var gate = new TaskCompletionSource();
        var fake = new FakeActionner
        {
            Exclusion = e => e.Output.StartsWith("flood", StringComparison.Ordinal) ? "pod/one" : "pod/other",
            Run = async (request, _) =>
            {
                if (request.Event.Output.StartsWith("flood", StringComparison.Ordinal))
                {
                    await gate.Task;
                }

                return new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects);
            },
        };
        await using var rig = await PipelineRig.StartAsync([fake], new PipelineOptions { Crowd = SlotTable.CrowdAtObject + 10 });

        await Task.WhenAll(Enumerable.Range(0, 150).Select(i => rig.AcceptAsync(Sample.Event($"flood {i}", $"cart-{i}"), Sample.OneAction())));
        await Eventually.TrueAsync(() => rig.Status.Categories is [{ Running: 1, Queued: 149 }]);
        await rig.AcceptAsync(Sample.Event("another"), Sample.OneAction());

        await rig.FinalAsync();
        gate.SetResult();
        await rig.FinalAsync(count: 151);
    }
}
