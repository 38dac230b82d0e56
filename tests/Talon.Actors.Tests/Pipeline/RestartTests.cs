using Microsoft.Data.Sqlite;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Tests.Pipeline.Notifying;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Pipeline;

/// <summary>What the journal is for: one node after another on the same folder.</summary>
[Trait("Speed", "Slow")]
public sealed class RestartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("talon-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Crash_WhileRunning_RunsARepeatSafeActionAgainWithTheJournalledTarget()
    {
        await CrashWhileRunningAsync(new FakeActionner());

        var again = new FakeActionner();
        await using var second = await PipelineRig.StartAsync([again], folder: _folder);
        var line = await second.FinalAsync();

        Assert.Equal("success", line.Status);
        Assert.Equal(2, line.Attempt);
        Assert.Equal("uid-1", Assert.Single(again.Prepared).EarlierTarget!.Uid);
        Assert.Single(second.Lines, l => l.Message == "resume");
    }

    [Fact]
    public async Task AnotherIncarnation_WroteToAQuietBucket_IsNoticedAndWhatItAcceptedIsDone()
    {
        var fake = new FakeActionner();
        await using var rig = await PipelineRig.StartAsync([fake], folder: _folder);
        await rig.AcceptAsync(Sample.Event(), Sample.OneAction());
        await rig.FinalAsync();

        // What a node does that was frozen and does not know yet that its bucket has moved.
        var where = new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder, "journal.db"), Pooling = false };
        await using (var connection = new SqliteConnection(where.ToString()))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText =
                """
                INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
                SELECT created, deleted, persistence_id, (SELECT max(sequence_number) + 1 FROM journal), message, manifest, identifier, 'another'
                FROM journal WHERE manifest = 'acc:1'
                """;
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        await Eventually.TrueAsync(() => fake.Ran.Count == 2, TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task Crash_WhileRunning_EndsWhatMustNotRepeatAsInterrupted()
    {
        await CrashWhileRunningAsync(new FakeActionner(repeatSafe: false));

        var again = new FakeActionner(repeatSafe: false);
        var notifier = new FakeNotifier("pager");
        await using var second = await PipelineRig.StartAsync([again], folder: _folder, notifier: notifier);

        Assert.Equal("interrupted", (await second.FinalAsync()).Result);
        Assert.Empty(again.Ran);
        await second.StopAsync();
        var told = Assert.Single(notifier.Delivered);
        Assert.Equal(("failure", "interrupted", "uid-1"), (told.Status, told.FailureKind, told.Target?.Uid));
    }

    [Fact]
    public async Task Crash_WhileRunningWithRetryInterrupted_RunsItAgain()
    {
        var action = Sample.Action(0) with { RetryInterrupted = true };
        await CrashWhileRunningAsync(new FakeActionner(repeatSafe: false), action);

        var again = new FakeActionner(repeatSafe: false);
        await using var second = await PipelineRig.StartAsync([again], folder: _folder);

        Assert.Equal("success", (await second.FinalAsync()).Status);
    }

    [Fact]
    public async Task Crash_WhileWaitingForASlot_IsNotCountedAsAResume()
    {
        var probe = new PipelineTests.FakeProbe { Trouble = "down" };
        await using (var first = await PipelineRig.StartAsync([new FakeActionner()], probes: [probe], folder: _folder))
        {
            await first.AcceptAsync(Sample.Event(), Sample.OneAction());
            await first.CrashAsync();
        }

        for (int i = 0; i < 4; i++)
        {
            await using var next = await PipelineRig.StartAsync([new FakeActionner()], probes: [probe], folder: _folder);
            await Eventually.TrueAsync(() => next.Status.Categories is [{ Queued: 1 }]);
            await next.CrashAsync();
        }

        await using var last = await PipelineRig.StartAsync([new FakeActionner()], folder: _folder);
        Assert.Equal("success", (await last.FinalAsync()).Status);
    }

    [Fact]
    public async Task Crash_ThreeTimesInTheSameAction_ParksTheEvent()
    {
        await CrashWhileRunningAsync(new FakeActionner());
        for (int i = 0; i < 3; i++)
        {
            var stuck = Hanging(new FakeActionner());
            await using var next = await PipelineRig.StartAsync([stuck], folder: _folder);
            await Eventually.TrueAsync(() => !stuck.Ran.IsEmpty);
            await next.CrashAsync();
        }

        await using var last = await PipelineRig.StartAsync([new FakeActionner()], folder: _folder);
        Assert.Equal("parked", (await last.FinalAsync()).Result);
    }

    [Fact]
    public async Task Restart_ManyFacts_RecoversFromTheSnapshot()
    {
        const int Events = 9_000;
        await using (var first = await PipelineRig.StartAsync(
            [new FakeActionner()], new PipelineOptions { DryRun = true, MaxFactsPerBucket = 500 }, folder: _folder))
        {
            for (int i = 0; i < Events; i += 500)
            {
                int from = i;
                var answers = await Task.WhenAll(Enumerable.Range(from, 500).Select(n => first.AcceptAsync(Sample.Event($"event {n}"), Sample.OneAction())));
                Assert.All(answers, a => Assert.IsType<IntakeResult.Accepted>(a));
            }

            await Eventually.TrueAsync(() => first.Status.UnfinishedEvents == 0, TimeSpan.FromSeconds(60));
            await first.CrashAsync();
        }

        var fake = new FakeActionner();
        await using var second = await PipelineRig.StartAsync([fake], folder: _folder);
        Assert.Equal(0, second.Status.UnfinishedEvents);
        Assert.IsType<IntakeResult.Accepted>(await second.AcceptAsync(Sample.Event("one more"), Sample.OneAction()));
        await second.FinalAsync();
        Assert.Single(fake.Ran);
    }

    [Fact]
    public async Task Stop_RunningAction_IsWaitedForAndJournalled()
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
        await using (var first = await PipelineRig.StartAsync([fake], folder: _folder))
        {
            await first.AcceptAsync(Sample.Event(), Sample.OneAction());
            await Eventually.TrueAsync(() => !fake.Ran.IsEmpty);
            var stopping = first.StopAsync();
            Assert.False(stopping.IsCompleted);
            gate.SetResult();
            await stopping;
        }

        var again = new FakeActionner();
        await using var second = await PipelineRig.StartAsync([again], folder: _folder);
        Assert.Equal(0, second.Status.UnfinishedEvents);
        Assert.Empty(again.Prepared);
    }

    [Fact]
    public async Task Duplicate_AfterARestartWithinTheWindow_IsStillADuplicate()
    {
        var options = new PipelineOptions { DuplicateWindow = TimeSpan.FromMinutes(5) };
        await using (var first = await PipelineRig.StartAsync([new FakeActionner()], options, folder: _folder))
        {
            await first.AcceptAsync(Sample.Event(), Sample.OneAction());
            await first.FinalAsync();
            await first.CrashAsync();
        }

        await using var second = await PipelineRig.StartAsync([new FakeActionner()], options, folder: _folder);
        Assert.IsType<IntakeResult.Duplicate>(await second.AcceptAsync(Sample.Event(), Sample.OneAction()));
    }

    private static FakeActionner Hanging(FakeActionner fake)
    {
        fake.Run = async (_, scope) =>
        {
            await Task.Delay(Timeout.Infinite, scope.Token);
            return new ActionOutcome.Succeeded("never", SampleOutcomes.NoObjects);
        };
        return fake;
    }

    private async Task CrashWhileRunningAsync(FakeActionner fake, Talon.Rules.Planning.PlannedAction? action = null)
    {
        Hanging(fake);
        await using var first = await PipelineRig.StartAsync([fake], folder: _folder);
        await first.AcceptAsync(Sample.Event(), Sample.Plan(Sample.Rule("rule", action ?? Sample.Action(0))));
        await Eventually.TrueAsync(() => !fake.Ran.IsEmpty);
        await first.CrashAsync();
    }
}
