using Microsoft.Data.Sqlite;
using Npgsql;
using Talon.Cluster.Journal.Postgres;

namespace Talon.Cluster.Journal;

/// <summary>Says why a fact could not be written.</summary>
public static class JournalFailure
{
    // SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE.
    private const int SqlitePrimaryKey = 1555;
    private const int SqliteUnique = 2067;

    /// <summary>
    /// Whether another fact with the same number already exists: another node writes, or wrote, the same bucket, and the fence
    /// has held. Otherwise the database could not be reached, or did not take the write in time.
    /// </summary>
    public static bool IsConflict(Exception? cause) => cause switch
    {
        null => false,
        PostgresException e => e.SqlState == PostgresErrorCodes.UniqueViolation,
        SqliteException e => e.SqliteExtendedErrorCode is SqlitePrimaryKey or SqliteUnique,
        AggregateException e => e.InnerExceptions.Any(IsConflict),
        _ => IsConflict(cause.InnerException),
    };

    /// <summary>The cause in one line.</summary>
    public static string Describe(Exception cause)
    {
        return PostgresErrors.Describe(cause.GetBaseException());
    }
}
