using Microsoft.Data.Sqlite;
using Talon.Cluster.Wire;
using Talon.Rules.Outcomes;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>What the journal says, read from a copy of its files.</summary>
internal sealed class JournalCopy
{
    private JournalCopy(IReadOnlyList<(string Bucket, long Sequence, IFact Fact)> facts) => Facts = facts;

    /// <summary>All facts, bucket by bucket, in their order.</summary>
    public IReadOnlyList<(string Bucket, long Sequence, IFact Fact)> Facts { get; }

    /// <summary>The accepted events.</summary>
    public IReadOnlyList<JournalledEvent> Events => [.. Facts
        .Where(f => f.Fact is Cluster.Wire.Facts.Accepted)
        .GroupJoin(
            Facts.Where(f => f.Fact is Cluster.Wire.Facts.AboutEvent),
            accepted => (accepted.Bucket, accepted.Sequence),
            about => (about.Bucket, ((Cluster.Wire.Facts.AboutEvent)about.Fact).Event),
            (accepted, about) => new JournalledEvent(
                accepted.Bucket, accepted.Sequence, (Cluster.Wire.Facts.Accepted)accepted.Fact, [.. about.Select(a => a.Fact)]))];

    /// <summary>The accepted events of one output text.</summary>
    public IReadOnlyList<JournalledEvent> Of(string output) => [.. Events.Where(e => e.Accepted.Event.Output == output)];

    /// <summary>Reads the journal of a folder. The process that wrote it has ended.</summary>
    public static JournalCopy Read(string folder)
    {
        using var copy = new TempFolder();
        foreach (string file in Directory.GetFiles(folder, "journal.db*"))
        {
            File.Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));
        }

        var facts = new List<(string, long, IFact)>();
        var where = new SqliteConnectionStringBuilder { DataSource = Path.Combine(copy.Path, "journal.db"), Pooling = false };
        using var connection = new SqliteConnection(where.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT persistence_id, sequence_number, manifest, message FROM journal WHERE persistence_id LIKE 'bucket-%' ORDER BY persistence_id, sequence_number";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            facts.Add((reader.GetString(0), reader.GetInt64(1), WireFormats.ReadFact(reader.GetString(2), reader.GetFieldValue<byte[]>(3))));
        }

        return new JournalCopy(facts);
    }

    internal sealed record JournalledEvent(string Bucket, long Sequence, Facts.Accepted Accepted, IReadOnlyList<IFact> Facts)
    {
        public IReadOnlyList<Facts.Finished> Finished => [.. Facts.OfType<Facts.Finished>()];

        /// <summary>Whether each action of the plan has exactly one outcome.</summary>
        public bool IsComplete => Finished.Select(f => f.Position).Order().SequenceEqual(Accepted.Plan.Rules.SelectMany(r => r.Actions).Select(a => a.Position).Order());

        public ActionOutcome Outcome => Assert.Single(Finished).Outcome;

        public override string ToString() => $"{Accepted.Event.Output} in {Bucket} at {Sequence}: {string.Join(", ", Facts)}";
    }
}
