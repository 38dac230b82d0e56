using Talon.Actors.Pipeline.Buckets;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Tests.Pipeline.Notifying;
using Talon.Cluster.Journal;
using Talon.Cluster.Wire;
using Talon.Postgres;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Pipeline.Postgres;

/// <summary>Two nodes that know nothing of each other own the same buckets of one database, as after a partition or a long freeze: the journal decides.</summary>
[Trait("Speed", "Slow")]
public sealed class TwoOwnersTests
{
    private const string Conflict = "was written by another incarnation of the bucket; the bucket stops without acting on it";

    [PostgresFact]
    public async Task Start_TwoIncarnationsOfOneBucket_ExactlyOneActs()
    {
        var journal = await JournalAsync();
        string key = await LeaveUnfinishedAsync(journal);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        FakeActionner[] fakes = [Gated(gate.Task), Gated(gate.Task)];
        await using var first = await PipelineRig.StartAsync([fakes[0]], journal: journal);
        await using var second = await PipelineRig.StartAsync([fakes[1]], journal: journal);

        // Both are about to journal the start of the same action under the same number.
        await Eventually.TrueAsync(() => fakes.All(fake => !fake.Prepared.IsEmpty));
        gate.SetResult();

        await using var reader = JournalReader.Of(journal);
        await Eventually.TrueAsync(async () => await UnfinishedCount.OfAsync(reader, CancellationToken.None) == 0);
        await Eventually.TrueAsync(() => Healths(first, Conflict) + Healths(second, Conflict) >= 1);
        Assert.Equal(1, fakes.Sum(fake => fake.Ran.Count));
        Assert.Equal(1, fakes.Sum(fake => fake.Ran.Count(request => request.EventKey == key)));
        var facts = (await reader.ReadAsync(CancellationToken.None)).SelectMany(bucket => bucket.Facts).Select(fact => fact.Fact).ToList();
        Assert.Single(facts.OfType<Facts.Started>());
        Assert.Single(facts.OfType<Facts.Finished>());
    }

    [PostgresFact]
    public async Task Accept_BucketThatAnotherNodeHasWrittenTo_IsAcceptedAfterRecoveryAndActsOnce()
    {
        var journal = await JournalAsync();
        FakeActionner[] fakes = [new FakeActionner(), new FakeActionner()];
        await using var first = await PipelineRig.StartAsync([fakes[0]], journal: journal);
        await using var second = await PipelineRig.StartAsync([fakes[1]], journal: journal);
        var falcoEvent = Sample.Event();
        Assert.IsType<IntakeResult.Accepted>(await first.AcceptAsync(falcoEvent, Sample.OneAction()));
        await first.FinalAsync();

        // The second node still believes that it owns an empty bucket.
        Assert.IsType<IntakeResult.Duplicate>(await second.AcceptAsync(falcoEvent, Sample.OneAction()));

        Assert.Equal(1, Healths(second, Conflict));
        Assert.Single(fakes[0].Ran);
        Assert.Empty(fakes[1].Ran);
    }

    [PostgresFact]
    public async Task Accept_DatabaseAway_IsHeldAndGoesOnWhenItIsBack()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var journal = new JournalOptions.PostgreSql(server.ConnectionString(await server.CreateDatabaseAsync()));
        var fake = new FakeActionner();
        await using var rig = await PipelineRig.StartAsync([fake], journal: journal);
        await server.StopAsync();

        var accepting = rig.AcceptAsync(Sample.Event(), Sample.OneAction());
        await Eventually.TrueAsync(() => Healths(rig, "the database is away or too slow; the bucket stops without acting on it") == 1);
        Assert.Empty(fake.Ran);
        await server.StartAsync();

        Assert.IsType<IntakeResult.Accepted>(await accepting);
        await rig.FinalAsync();
        Assert.Single(fake.Ran);
    }

    [PostgresFact]
    public async Task Started_CommittedButItsAnswerLost_IsRunOnceWithoutWaitingForALostNode()
    {
        var journal = (JournalOptions.PostgreSql)await JournalAsync();
        await using var eater = new AnswerEater(journal.ConnectionString);
        var fake = new FakeActionner(repeatSafe: false, uidPrecondition: false);
        var prepare = fake.Prepare;
        fake.Prepare = (request, scope) =>
        {
            if (fake.Prepared.Count == 1)
            {
                eater.EatNext();
            }

            return prepare(request, scope);
        };
        await using var rig = await PipelineRig.StartAsync([fake], journal: journal with { ConnectionString = eater.ConnectionString });
        await rig.AcceptAsync(Sample.Event(), Sample.OneAction());

        Assert.Equal("success", (await rig.FinalAsync()).Status);
        Assert.Equal(1, eater.Eaten);
        Assert.Single(fake.Ran);
        await using var reader = JournalReader.Of(journal);
        var facts = (await reader.ReadAsync(CancellationToken.None)).SelectMany(bucket => bucket.Facts).Select(fact => fact.Fact).ToList();
        Assert.Equal(2, facts.OfType<Facts.Started>().Count());
        Assert.Equal(FailureKind.NotSent, Assert.Single(facts.OfType<Facts.RetryScheduled>()).Kind);
    }

    [PostgresFact]
    public async Task Finished_CommittedButItsAnswerLost_IsToldAllTheSame()
    {
        var journal = (JournalOptions.PostgreSql)await JournalAsync();
        await using var eater = new AnswerEater(journal.ConnectionString);
        var notifier = new FakeNotifier("pager");
        var fake = new FakeActionner();
        var run = fake.Run;
        fake.Run = (request, scope) =>
        {
            eater.EatNext();
            return run(request, scope);
        };
        await using var rig = await PipelineRig.StartAsync([fake], journal: journal with { ConnectionString = eater.ConnectionString }, notifier: notifier);
        await rig.AcceptAsync(Sample.Event(), Sample.OneAction());

        Assert.Equal("success", (await rig.FinalAsync()).Status);
        await Eventually.TrueAsync(() => !notifier.Delivered.IsEmpty);
        Assert.Equal(1, eater.Eaten);
        Assert.Single(fake.Ran);
        Assert.Single(rig.Lines, line => line.Message == "action" && line.Status == "success");
    }

    private static async Task<JournalOptions> JournalAsync()
    {
        var server = await SharedPostgres.GetAsync();
        return new JournalOptions.PostgreSql(server.ConnectionString(await server.CreateDatabaseAsync()));
    }

    // Not repeat-safe: what may have been started elsewhere is never run again, so that every second run would be a fault.
    private static FakeActionner Gated(Task gate)
    {
        var fake = new FakeActionner(repeatSafe: false, uidPrecondition: false);
        var prepare = fake.Prepare;
        fake.Prepare = async (request, scope) =>
        {
            await gate;
            return await prepare(request, scope);
        };
        return fake;
    }

    /// <summary>An event that was accepted and not started when its node died.</summary>
    private static async Task<string> LeaveUnfinishedAsync(JournalOptions journal)
    {
        var stuck = Gated(new TaskCompletionSource().Task);
        await using var rig = await PipelineRig.StartAsync([stuck], journal: journal);
        var accepted = Assert.IsType<IntakeResult.Accepted>(await rig.AcceptAsync(Sample.Event(), Sample.OneAction()));
        await Eventually.TrueAsync(() => !stuck.Prepared.IsEmpty);
        return accepted.EventKey;
    }

    private static int Healths(PipelineRig rig, string text) =>
        rig.Lines.Count(line => line.Message == "health" && line.Error is { } error && error.Contains(text, StringComparison.Ordinal));
}
