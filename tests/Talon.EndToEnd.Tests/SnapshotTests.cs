using Microsoft.Data.Sqlite;
using Talon.EndToEnd.Tests.Support;
using Talon.Rules.Outcomes;

namespace Talon.EndToEnd.Tests;

/// <summary>Recovery from a snapshot and the facts after it, and from a journal that was cleaned.</summary>
public sealed class SnapshotTests
{
    private const int Bucket = 5;

    [Fact]
    public async Task AnAcceptedEventIsNeverLost_SnapshotsAndCleanUpBeforeTheKill_TheRestIsDoneAndDuplicatesAreKnown()
    {
        await using var rig = await TalonRig.CreateAsync(
            RuleFiles.Terminate, "audit:\n  max_facts_per_bucket: 1000\ndeduplication:\n  time_window_seconds: 3600\n");
        await using var first = await rig.StartAsync();
        int number = 0;
        var done = new List<string>();
        for (int i = 0; i < 1_300; i++)
        {
            // No such pod: accepted and ignored, two facts.
            done.Add(NextBody(null, null));
        }

        foreach (string[] batch in done.Chunk(50))
        {
            await Task.WhenAll(batch.Select(body => rig.PostAsync(first, body)));
        }

        await rig.FinishedAsync(first);
        await rig.Api.StopListeningAsync();
        var waiting = new List<string>();
        for (int i = 0; i < 40; i++)
        {
            string pod = $"cart-{i}";
            var (uid, container) = rig.AddPod("shop", pod);
            waiting.Add(uid);
            await rig.PostAsync(first, NextBody(pod, container));
        }

        await first.KillAsync();
        Assert.InRange(SnapshotCount(rig.JournalFolder), 1, 2);
        var journal = JournalCopy.Read(rig.JournalFolder);
        long oldest = journal.Facts.Where(f => f.Bucket == $"bucket-{Bucket}").Min(f => f.Sequence);
        Assert.True(oldest > 1, "the journal was not cleaned");

        await rig.Api.StartListeningAsync();
        await using var second = await rig.StartAsync();
        await rig.PostAsync(second, done[0]);
        await rig.PostAsync(second, done[^1]);
        journal = await rig.FinishAsync(second);

        Assert.All(waiting, uid => Assert.Equal(1, rig.Effects(uid, "delete")));
        var events = journal.Events.Where(e => e.Accepted.Event.Output.StartsWith("cart-", StringComparison.Ordinal)).ToList();
        Assert.Equal(40, events.Count);
        Assert.All(events, e => Assert.IsType<ActionOutcome.Succeeded>(e.Outcome));
        long newest = journal.Facts.Where(f => f.Bucket == $"bucket-{Bucket}").Max(f => f.Sequence);
        Assert.DoesNotContain(journal.Events, e => e.Sequence > events.Max(last => last.Sequence));
        Assert.True(newest >= 2 * 1_300, $"{newest} facts");

        string NextBody(string? pod, string? container)
        {
            while (true)
            {
                // A pod of its own for each: one pod may hold no more than a tenth of a bucket.
                string output = $"{pod ?? "nobody"}-{number++}";
                string body = FalcoBody.ForPod("shop", pod ?? output, container, output);
                if (FalcoBody.BucketOf(body) == Bucket)
                {
                    return body;
                }
            }
        }
    }

    private static long SnapshotCount(string folder)
    {
        var where = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "snapshots.db"), Pooling = false };
        using var connection = new SqliteConnection(where.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM snapshot WHERE persistence_id = 'bucket-{Bucket}'";
        return (long)command.ExecuteScalar()!;
    }
}
