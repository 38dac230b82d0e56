using System.Net.Sockets;
using Npgsql;

namespace Talon.Cluster.Journal.Postgres;

/// <summary>What went wrong with PostgreSQL, and whether it may pass by itself.</summary>
internal static class PostgresErrors
{
    /// <summary>Whether the same may go well a moment later: the server is away, starting, or has no free connection.</summary>
    public static bool IsTemporary(Exception failure) => failure switch
    {
        PostgresException e => e.SqlState.StartsWith("08", StringComparison.Ordinal)
            || e.SqlState is PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
                or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.DeadlockDetected
                or PostgresErrorCodes.SerializationFailure,
        NpgsqlException e => e.IsTransient || e.InnerException is SocketException or IOException or TimeoutException,
        SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>The cause in one line. Neither Npgsql nor the server puts a password there.</summary>
    public static string Describe(Exception failure)
    {
        string text = failure switch
        {
            PostgresException e => $"{e.MessageText} ({e.SqlState})",
            { InnerException: SocketException or IOException or TimeoutException } => $"{failure.Message}: {failure.InnerException.Message}",
            _ => failure.Message,
        };
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
