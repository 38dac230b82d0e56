using Microsoft.Data.Sqlite;
using Talon.Cluster.Journal;
using Talon.Cluster.Journal.Sqlite;

namespace Talon.Cluster.Tests.Journal.Sqlite;

public sealed class SqliteJournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("talon-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_SecondTime_IsRefusedWhileTheFirstHasIt()
    {
        using (SqliteJournal.Open(_folder, 8))
        {
            var e = Assert.Throws<JournalException>(() => SqliteJournal.Open(_folder, 8));
            Assert.Contains("another Talon uses the journal", e.Message, StringComparison.Ordinal);
        }

        SqliteJournal.Open(_folder, 8).Dispose();
    }

    [Fact]
    public void Open_OtherNumberOfBuckets_IsRefused()
    {
        SqliteJournal.Open(_folder, 8).Dispose();

        var e = Assert.Throws<JournalException>(() => SqliteJournal.Open(_folder, 32));
        Assert.Contains("made with 8 buckets, this node uses 32", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_PathIsAFile_SaysWhatToDo()
    {
        string file = Path.Combine(_folder, "file");
        System.IO.File.WriteAllText(file, "");

        var e = Assert.Throws<JournalException>(() => SqliteJournal.Open(file, 8));
        Assert.Contains("journal.path must name a folder", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Files_AreInWalMode()
    {
        using var journal = SqliteJournal.Open(_folder, 8);
        using var connection = new SqliteConnection($"Data Source={journal.JournalFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";

        Assert.Equal("wal", command.ExecuteScalar());
    }

    [Fact]
    public void VerifyFence_TableWithoutTheIndex_IsRefused()
    {
        using var journal = SqliteJournal.Open(_folder, 8);
        Execute(journal.JournalFile, "CREATE TABLE journal (persistence_id TEXT, sequence_number INTEGER);");

        Assert.Throws<JournalException>(journal.VerifyFence);
    }

    [Fact]
    public void Open_IndexIsMissing_IsMadeAgain()
    {
        SqliteJournal.Open(_folder, 8).Dispose();
        Execute(File, "CREATE TABLE journal (persistence_id TEXT, sequence_number INTEGER); INSERT INTO journal VALUES ('bucket-1', 1), ('bucket-1', 2);");

        using var journal = SqliteJournal.Open(_folder, 8);
        journal.VerifyFence();
    }

    [Theory]
    [InlineData("INSERT INTO journal VALUES ('bucket-1', 1), ('bucket-1', 1);")]
    [InlineData("CREATE INDEX journal_uq ON journal (persistence_id, sequence_number);")]
    [InlineData("CREATE UNIQUE INDEX journal_uq ON journal (persistence_id, sequence_number) WHERE sequence_number > 1;")]
    public void Open_IndexCannotBeMade_IsRefusedAtOnceAndTheLockGivenBack(string trouble)
    {
        SqliteJournal.Open(_folder, 8).Dispose();
        Execute(File, $"CREATE TABLE journal (persistence_id TEXT, sequence_number INTEGER); {trouble}");

        for (int i = 0; i < 2; i++)
        {
            var e = Assert.Throws<JournalException>(() => SqliteJournal.Open(_folder, 8));
            Assert.Contains("has no unique index on (persistence_id, sequence_number), and it cannot be made", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', e.Message);
        }
    }

    private string File => Path.Combine(_folder, "journal.db");

    private static void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
