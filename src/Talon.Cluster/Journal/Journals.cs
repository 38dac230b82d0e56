using Microsoft.Extensions.Logging;
using Talon.Cluster.Journal.Postgres;
using Talon.Cluster.Journal.Sqlite;

namespace Talon.Cluster.Journal;

/// <summary>Opens journals of either kind.</summary>
internal static class Journals
{
    /// <summary>The category of the log lines about the journal.</summary>
    public const string LogCategory = "Talon.Journal";

    /// <summary>Opens a journal and checks it.</summary>
    /// <param name="cancellationToken">Ends the wait for a database that does not answer.</param>
    /// <exception cref="JournalException">It cannot be used.</exception>
    public static async Task<IJournal> OpenAsync(JournalOptions options, ILoggerFactory loggers, TimeProvider clock, CancellationToken cancellationToken) => options switch
    {
        JournalOptions.Sqlite sqlite => SqliteJournal.Open(sqlite.Directory, sqlite.Buckets),
        JournalOptions.PostgreSql postgres => await PostgresJournal.OpenAsync(
            postgres, loggers.CreateLogger(LogCategory), clock, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.GetType().Name, "no such journal"),
    };

    /// <summary>The file of <c>hocon/</c> for a kind of journal.</summary>
    public static string HoconFileOf(JournalOptions options) => options is JournalOptions.PostgreSql ? PostgresJournal.Hocon : SqliteJournal.Hocon;
}
