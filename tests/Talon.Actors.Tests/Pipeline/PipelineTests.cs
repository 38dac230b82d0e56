using System.Collections.Immutable;
using Akka.Actor;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Pipeline.Notifying;
using Talon.Cluster.Wire;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Pipeline;

/// <summary>The pipeline on a real node with a real journal: one action from acceptance to outcome, and what may go wrong.</summary>
[Trait("Speed", "Slow")]
public sealed class PipelineTests
{
    [Fact]
    public async Task Accept_MatchedEvent_RunsTheActionOnce()
    {
        var fake = new FakeActionner();
        await using var rig = await PipelineRig.StartAsync([fake]);

        var accepted = Assert.IsType<IntakeResult.Accepted>(await rig.AcceptAsync(Sample.Event(), Sample.OneAction()));
        var line = await rig.FinalAsync(accepted.EventKey);

        Assert.Equal("success", line.Status);
        Assert.Single(fake.Ran);
        Assert.Equal(["event", "match", "action", "action"], rig.Lines.Where(l => l.EventKey == accepted.EventKey).Select(l => l.Message));
    }

    [Fact]
    public async Task Accept_SameEventWithinTheWindow_IsADuplicateAndActsOnce()
    {
        var fake = new FakeActionner();
        await using var rig = await PipelineRig.StartAsync([fake]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => rig.AcceptAsync(Sample.Event(), Sample.OneAction())));
        await rig.FinalAsync();

        Assert.Single(answers.OfType<IntakeResult.Accepted>());
        Assert.Equal(9, answers.OfType<IntakeResult.Duplicate>().Count());
        Assert.Single(fake.Ran);
    }

    [Fact]
    public async Task Accept_WindowSwitchedOff_ActsEachTime()
    {
        var fake = new FakeActionner();
        await using var rig = await PipelineRig.StartAsync([fake], new PipelineOptions { DuplicateWindow = TimeSpan.Zero });

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => rig.AcceptAsync(Sample.Event(), Sample.OneAction())));
        await rig.FinalAsync(count: 3);

        Assert.Equal(3, answers.OfType<IntakeResult.Accepted>().Select(a => a.EventKey).Distinct().Count());
        Assert.Equal(3, fake.Ran.Count);
    }

    [Fact]
    public async Task Run_TransientFailure_IsRetriedWithTheJournalledTarget()
    {
        var fake = new FakeActionner();
        int calls = 0;
        fake.Run = (_, _) => Task.FromResult<ActionOutcome>(
            ++calls == 1 ? SampleOutcomes.Failure(FailureKind.ServerError) : new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects));
        await using var rig = await PipelineRig.StartAsync([fake]);

        await rig.AcceptAsync(Sample.Event(), Sample.OneAction());
        var line = await rig.FinalAsync();

        Assert.Equal("success", line.Status);
        Assert.Equal(2, line.Attempt);
        Assert.Equal([null, "uid-1"], fake.Prepared.Select(r => r.EarlierTarget?.Uid));
        Assert.Contains(rig.Lines, l => l.Status == "retry");
    }

    [Theory]
    [InlineData(FailureKind.Forbidden, FailureKind.Forbidden)]
    [InlineData(FailureKind.Timeout, FailureKind.Unknown)]
    [InlineData(FailureKind.ConnectionLost, FailureKind.Unknown)]
    [InlineData(FailureKind.ServerError, FailureKind.ServerError)]
    public async Task Run_NotRepeatSafe_IsNotRetriedUnlessItProvablyDidNotRun(FailureKind happened, FailureKind reported)
    {
        var fake = new FakeActionner(repeatSafe: false) { Run = (_, _) => Task.FromResult<ActionOutcome>(SampleOutcomes.Failure(happened)) };
        await using var rig = await PipelineRig.StartAsync([fake]);

        await rig.AcceptAsync(Sample.Event(), Sample.OneAction());
        var line = await rig.FinalAsync();

        Assert.Equal("failure", line.Status);
        Assert.Equal(reported.ToString(), line.Result!.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        Assert.Single(fake.Ran);
    }

    [Fact]
    public async Task Run_NotRepeatSafeAndUnreachable_IsRetried()
    {
        int calls = 0;
        var fake = new FakeActionner(repeatSafe: false)
        {
            Run = (_, _) => Task.FromResult<ActionOutcome>(
                ++calls == 1 ? SampleOutcomes.Failure(FailureKind.Unreachable) : new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects)),
        };
        await using var rig = await PipelineRig.StartAsync([fake]);

        await rig.AcceptAsync(Sample.Event(), Sample.OneAction());

        Assert.Equal("success", (await rig.FinalAsync()).Status);
        Assert.Equal(2, fake.Ran.Count);
    }

    [Fact]
    public async Task Run_DryRun_OnlyPrepares()
    {
        var fake = new FakeActionner();
        await using var rig = await PipelineRig.StartAsync([fake], new PipelineOptions { DryRun = true });

        await rig.AcceptAsync(Sample.Event(), Sample.OneAction());
        var line = await rig.FinalAsync();

        Assert.Equal("ignored", line.Status);
        Assert.Equal("dry run: would fake it", line.Result);
        Assert.Single(fake.Prepared);
        Assert.Empty(fake.Ran);
    }

    [Fact]
    public async Task Run_ActionnerThrows_EndsAsCrashedAndTheNextEventStillRuns()
    {
        var fake = new FakeActionner();
        fake.Run = (request, _) => request.Event.Output == "bad"
            ? throw new InvalidOperationException("boom")
            : Task.FromResult<ActionOutcome>(new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects));
        await using var rig = await PipelineRig.StartAsync([fake]);

        var bad = (IntakeResult.Accepted)await rig.AcceptAsync(Sample.Event("bad"), Sample.OneAction());
        var good = (IntakeResult.Accepted)await rig.AcceptAsync(Sample.Event("good"), Sample.OneAction());

        Assert.Equal("crashed", (await rig.FinalAsync(bad.EventKey)).Result);
        Assert.Equal("success", (await rig.FinalAsync(good.EventKey)).Status);
    }

    /// <summary>What an exception says may quote a whole answer; it is journalled, logged and told.</summary>
    [Fact]
    public async Task Run_ActionnerThrowsWithALongText_IsOneShortLine()
    {
        var fake = new FakeActionner { Run = (_, _) => throw new InvalidOperationException("boom\n" + new string('x', 100_000)) };
        await using var rig = await PipelineRig.StartAsync([fake]);

        var accepted = (IntakeResult.Accepted)await rig.AcceptAsync(Sample.Event("bad"), Sample.OneAction());

        string error = (await rig.FinalAsync(accepted.EventKey)).Error!;
        Assert.StartsWith("a fault in kubernetes:fake: InvalidOperationException: boom xxx", error, StringComparison.Ordinal);
        Assert.InRange(error.Length, 1, 500);
    }

    [Fact]
    public async Task Run_EventActorFailsThreeTimes_TheEventIsParkedAndOthersRun()
    {
        var fake = new FakeActionner();
        fake.Exclusion = e => e.Output == "bad" ? throw new InvalidOperationException("poison") : null;
        await using var rig = await PipelineRig.StartAsync([fake]);

        var bad = (IntakeResult.Accepted)await rig.AcceptAsync(Sample.Event("bad"), Sample.OneAction());
        var good = (IntakeResult.Accepted)await rig.AcceptAsync(Sample.Event("good"), Sample.OneAction());

        Assert.Equal("parked", (await rig.FinalAsync(bad.EventKey)).Result);
        Assert.Equal("success", (await rig.FinalAsync(good.EventKey)).Status);
    }

    [Fact]
    public async Task Plan_UnknownActionner_FailsLoudly()
    {
        await using var rig = await PipelineRig.StartAsync([new FakeActionner()]);

        await rig.AcceptAsync(Sample.Event(), Sample.OneAction("kubernetes:absent"));
        var line = await rig.FinalAsync();

        Assert.Equal("unknown_actionner", line.Result);
    }

    [Fact]
    public async Task Plan_FailedAction_EndsItsRuleAndTheNextRuleRuns()
    {
        var fake = new FakeActionner();
        fake.Run = (request, _) => Task.FromResult<ActionOutcome>(request.Action.Position == 0
            ? SampleOutcomes.Failure(FailureKind.Forbidden)
            : new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects));
        await using var rig = await PipelineRig.StartAsync([fake]);

        await rig.AcceptAsync(
            Sample.Event(), Sample.Plan(Sample.Rule("one", Sample.Action(0), Sample.Action(1)), Sample.Rule("two", Sample.Action(2))));
        await rig.FinalAsync(count: 2);

        Assert.Equal([0, 2], fake.Ran.Select(r => r.Action.Position));
    }

    [Fact]
    public async Task Plan_ActionInBackoff_HoldsBackItsOwnRuleOnly()
    {
        var fake = new FakeActionner();
        int calls = 0;
        fake.Run = (request, _) => Task.FromResult<ActionOutcome>(request.Action.Position == 0 && ++calls == 1
            ? SampleOutcomes.Failure(FailureKind.Throttled, TimeSpan.FromSeconds(1))
            : new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects));
        await using var rig = await PipelineRig.StartAsync([fake]);

        await rig.AcceptAsync(
            Sample.Event(), Sample.Plan(Sample.Rule("one", Sample.Action(0), Sample.Action(1)), Sample.Rule("two", Sample.Action(2))));
        await rig.FinalAsync(count: 3);

        Assert.Equal([0, 2, 0, 1], fake.Ran.Select(r => r.Action.Position));
    }

    [Fact]
    public async Task Lanes_LongActions_DoNotDelayShortOnes()
    {
        var gate = new TaskCompletionSource();
        var slow = new FakeActionner("kubernetes:slow", longRunning: true)
        {
            Run = async (_, _) =>
            {
                await gate.Task;
                return new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects);
            },
        };
        var quick = new FakeActionner();
        await using var rig = await PipelineRig.StartAsync([slow, quick], new PipelineOptions { LongLane = 2 });

        for (int i = 0; i < 5; i++)
        {
            await rig.AcceptAsync(Sample.Event($"slow {i}"), Sample.OneAction("kubernetes:slow"));
        }

        await Eventually.TrueAsync(() => slow.Ran.Count == 2);
        var quickOne = (IntakeResult.Accepted)await rig.AcceptAsync(Sample.Event("quick"), Sample.OneAction());
        Assert.Equal("success", (await rig.FinalAsync(quickOne.EventKey)).Status);
        Assert.Equal(2, slow.Ran.Count);

        gate.SetResult();
        await Eventually.TrueAsync(() => slow.Ran.Count == 5);
        Assert.Equal(2, slow.MostAtOnce);
    }

    [Fact]
    public async Task Exclusion_SameObject_IsWrittenByOneActionAtATime()
    {
        var fake = new FakeActionner { Exclusion = e => e.PodName };
        fake.Run = async (_, scope) =>
        {
            await Task.Yield();
            return new ActionOutcome.Succeeded("done", SampleOutcomes.NoObjects);
        };
        await using var rig = await PipelineRig.StartAsync([fake]);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => rig.AcceptAsync(Sample.Event($"event {i}"), Sample.OneAction())));
        await rig.FinalAsync(count: 20);

        Assert.Equal(1, fake.MostAtOnce);
    }

    [Fact]
    public async Task Category_UnreachableAtStart_HoldsActionsAndRunsThemWhenItIsBack()
    {
        var probe = new FakeProbe { Trouble = "connection refused" };
        var fake = new FakeActionner();
        await using var rig = await PipelineRig.StartAsync([fake], probes: [probe]);

        await rig.AcceptAsync(Sample.Event(), Sample.OneAction());
        await Eventually.TrueAsync(() => rig.Status.Categories is [{ Degraded: true, Reason: "connection refused", Queued: 1 }]);
        Assert.Empty(fake.Prepared);

        probe.Trouble = null;
        Assert.Equal(1, (await rig.FinalAsync()).Attempt);
    }

    [Fact]
    public async Task Category_Degraded_IsToldToTheDefaultNotifiersOnce()
    {
        var notifier = new FakeNotifier("pager");
        await using var rig = await PipelineRig.StartAsync([new FakeActionner()], probes: [new FakeProbe { Trouble = "connection refused" }], notifier: notifier);

        await Eventually.TrueAsync(() => !notifier.Delivered.IsEmpty);
        await rig.StopAsync();

        var told = Assert.Single(notifier.Delivered);
        Assert.Equal(("talon", "failure"), (told.Kind, told.Status));
        Assert.Equal("category kubernetes: degraded: connection refused; its actions wait", told.Text);
    }

    [Fact]
    public async Task Expiry_ActionNotStartedInTime_EndsAsExpired()
    {
        var probe = new FakeProbe { Trouble = "down" };
        var fake = new FakeActionner();
        await using var rig = await PipelineRig.StartAsync([fake], probes: [probe]);

        await rig.AcceptAsync(Sample.Event(), Sample.Plan(Sample.Rule("rule", Sample.Action(0) with { MaxAge = TimeSpan.FromMilliseconds(300) })));
        var line = await rig.FinalAsync();

        Assert.Equal("expired", line.Result);
        Assert.Empty(fake.Prepared);
    }

    [Fact]
    public async Task Intake_BucketFull_RefusesAtOnce()
    {
        var fake = new FakeActionner();
        await using var rig = await PipelineRig.StartAsync(
            [fake], new PipelineOptions { MaxUnfinishedEvents = 1 }, [new FakeProbe { Trouble = "down" }]);

        var answers = new List<IntakeResult>();
        for (int i = 0; i < 40; i++)
        {
            answers.Add(await rig.AcceptAsync(Sample.Event($"event {i}"), Sample.OneAction()));
        }

        Assert.Equal(8, answers.OfType<IntakeResult.Accepted>().Count());
        Assert.All(answers.OfType<IntakeResult.Refused>(), r => Assert.Equal("full", r.Cause));
        Assert.Equal(32, answers.OfType<IntakeResult.Refused>().Count());
    }

    [Fact]
    public async Task Deadline_ActionnerThatNeverEnds_TimesOut()
    {
        var fake = new FakeActionner(repeatSafe: false);
        fake.Run = async (_, scope) =>
        {
            await Task.Delay(Timeout.Infinite, scope.Token);
            return new ActionOutcome.Succeeded("never", SampleOutcomes.NoObjects);
        };
        await using var rig = await PipelineRig.StartAsync([fake]);

        await rig.AcceptAsync(Sample.Event(), Sample.Plan(Sample.Rule("rule", Sample.Action(0) with { Timeout = TimeSpan.FromMilliseconds(200) })));

        Assert.Equal("unknown", (await rig.FinalAsync()).Result);
    }

    [Fact]
    public async Task Category_Crashes_IsRestartedAndItsQueueIsRebuilt()
    {
        var gate = new TaskCompletionSource();
        var fake = new FakeActionner
        {
            Prepare = async (_, scope) =>
            {
                await gate.Task.WaitAsync(scope.Token);
                return new Preparation.Ready(null, "fake it", SampleOutcomes.NoObjects);
            },
        };
        await using var rig = await PipelineRig.StartAsync([fake], new PipelineOptions { ShortLane = 2 });
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => rig.AcceptAsync(Sample.Event($"event {i}"), Sample.OneAction())));
        await Eventually.TrueAsync(() => fake.Prepared.Count == 2 && rig.Status.Categories is [{ Queued: 3 }]);

        // A slot for an actionner that does not exist: nobody in the program asks for one, so beginning it is a fault.
        var category = await rig.Node.System.ActorSelection("/user/category-kubernetes").ResolveOne(TimeSpan.FromSeconds(5));
        var key = new ActionKey(0, 0, 0, 1, 0);
        using var inbox = Inbox.Create(rig.Node.System);
        inbox.Send(category, new WorkProtocol.RequestSlot(key, default, LongLane: true, ExclusionKey: null, Target: "host/node-1"));
        Assert.IsType<WorkProtocol.SlotGranted>(await inbox.ReceiveAsync(TimeSpan.FromSeconds(5)));
        inbox.Send(category, new WorkProtocol.Begin(key, null!, DryRun: false, TimeSpan.FromSeconds(1)));
        gate.SetResult();
        await rig.FinalAsync(count: 5);

        Assert.Equal(5, fake.Ran.Select(r => r.EventKey).Distinct().Count());
        Assert.Equal(5, fake.Ran.Count);
    }

    internal sealed class FakeProbe : ICategoryProbe
    {
        public ImmutableArray<string> Categories => ["kubernetes"];

        public volatile string? Trouble;

        public Task<string?> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(Trouble);
    }
}
