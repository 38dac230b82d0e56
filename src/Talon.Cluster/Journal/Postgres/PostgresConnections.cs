using System.Data.Common;
using Npgsql;

namespace Talon.Cluster.Journal.Postgres;

/// <summary>Makes the connection pool of a node out of what the user gave, with limits that keep a hanging server from hanging the node.</summary>
internal static class PostgresConnections
{
    // All below the call-timeout of the journal's circuit breaker (10 s): a command is given up before Akka gives up the call.
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 6;
    private const int CancelMilliseconds = 1_000;

    // A node that freezes amid a transaction holds locks on the next numbers of its buckets: without a limit no other node could write them
    // until it wakes up. Below CommandSeconds, so that a node waiting for such a lock still gets it.
    private const int IdleInTransactionMilliseconds = 5_000;

    private const string Advice =
        "it looks like Host=db;Username=talon;Password=secret;Database=talon, a value with ';' or '=' in double quotes";

    /// <summary>Makes the pool; nothing is opened yet.</summary>
    /// <param name="options">The connection string, and how many connections there may be.</param>
    /// <exception cref="JournalException">The connection string cannot be used. Its text is not told: it holds a password.</exception>
    public static NpgsqlDataSource CreatePool(JournalOptions.PostgreSql options)
    {
        var text = Read(options.ConnectionString);
        text.Pooling = true;
        text.MinPoolSize = 0;
        text.MaxPoolSize = options.MaxConnections;
        text.Timeout = AtMost(text.Timeout, text.ContainsKey(nameof(text.Timeout)), ConnectSeconds);
        text.CommandTimeout = AtMost(text.CommandTimeout, text.ContainsKey("Command Timeout"), CommandSeconds);
        text.CancellationTimeout = CancelMilliseconds;
        text.Options = $"{text.Options} -c idle_in_transaction_session_timeout={IdleInTransactionMilliseconds}".TrimStart();
        text.KeepAlive = 10;
        text.TcpKeepAlive = true;
        text.TcpKeepAliveTime = 10;
        text.TcpKeepAliveInterval = 5;
        text.Enlist = false;
        text.IncludeErrorDetail = false;
        text.PersistSecurityInfo = false;
        text.ApplicationName = string.IsNullOrEmpty(text.ApplicationName) ? "talon" : text.ApplicationName;
        if (!text.ContainsKey("GSS Encryption Mode"))
        {
            // "Prefer", the default, looks for a Kerberos library at every connection.
            text.GssEncryptionMode = GssEncryptionMode.Disable;
        }

        return new NpgsqlDataSourceBuilder(text.ConnectionString).Build();
    }

    /// <summary>Host, port and database, for messages.</summary>
    public static string PlaceOf(NpgsqlDataSource pool)
    {
        var text = new NpgsqlConnectionStringBuilder(pool.ConnectionString);
        return $"{text.Host}:{text.Port}/{text.Database ?? text.Username}";
    }

    private static int AtMost(int given, bool isGiven, int most) => isGiven && given > 0 ? Math.Min(given, most) : most;

    private static NpgsqlConnectionStringBuilder Read(string connectionString)
    {
        if (connectionString.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
            || connectionString.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase))
        {
            throw new JournalException($"the connection string of the journal is a URI, which is not understood; {Advice}");
        }

        // Without the cause: it may quote the string.
        var text = TryRead(connectionString) ?? throw new JournalException($"the connection string of the journal cannot be read; {Advice}");
        return !string.IsNullOrEmpty(text.Host) ? text : throw new JournalException($"the connection string of the journal names no host; {Advice}");
    }

    private static NpgsqlConnectionStringBuilder? TryRead(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException or DbException)
        {
            return null;
        }
    }
}
