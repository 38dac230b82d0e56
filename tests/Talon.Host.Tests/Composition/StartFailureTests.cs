using Microsoft.Data.Sqlite;
using Talon.Cluster.Journal;
using Talon.Host.Composition;
using Talon.Host.Configuration;

namespace Talon.Host.Tests.Composition;

public sealed class StartFailureTests
{
    public static TheoryData<Exception, bool> Causes { get; } = new()
    {
        { new UnauthorizedAccessException("Access to the path '/var/lib/talon' is denied."), true },
        { new DirectoryNotFoundException("Could not find a part of the path '/var/lib/talon'."), true },
        { new IOException("Read-only file system : '/var/lib/talon/talon.lock'", 30), true },
        { new IOException("No space left on device : '/var/lib/talon/talon.lock'", 28), false },
        { new IOException("The process cannot access the file", 11), false },
        { new SqliteException("attempt to write a readonly database", 8), true },
        { new SqliteException("unable to open database file", 14), true },
        { new SqliteException("database or disk is full", 13), false },
        { new SqliteException("file is not a database", 26), false },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public void Describe_JournalFolder_SaysWhatToMountWhereThatHelps(Exception cause, bool advises)
    {
        var failure = new JournalException($"the journal in /var/lib/talon cannot be used: {cause.Message}", cause);

        var (subject, text) = StartFailure.Describe(failure, new TalonOptions())!.Value;

        Assert.Equal("journal", subject);
        Assert.Contains("/var/lib/talon", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', text);
        Assert.All(
            ["mount a volume at /var/lib/talon", "journal.path (JOURNAL_PATH)", "emptyDir", "PersistentVolumeClaim"],
            word => Assert.Equal(advises, text.Contains(word, StringComparison.Ordinal)));
    }

    [Fact]
    public void Describe_PostgreSql_AdvisesNoFolder()
    {
        var options = new TalonOptions { Journal = new JournalSettings { IsPostgreSql = true } };

        var told = StartFailure.Describe(new JournalException("the database cannot be reached", new IOException("broken pipe")), options);

        Assert.Equal(("journal", "the database cannot be reached"), told);
    }
}
