using Talon.Cluster.Journal;

namespace Talon.Host.Configuration;

/// <summary>Where the facts are kept.</summary>
internal sealed record JournalSettings
{
    /// <summary>Whether the journal is a PostgreSQL database. Default false: SQLite.</summary>
    public bool IsPostgreSql { get; init; }

    /// <summary>The folder of the SQLite journal. Default <c>/var/lib/talon</c>.</summary>
    public string Path { get; init; } = JournalOptions.Sqlite.DefaultDirectory;

    /// <summary>How PostgreSQL is reached; empty when that stands in a file. Secret.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>The file that holds the connection string; empty when it is given itself.</summary>
    public string ConnectionStringFile { get; init; } = "";

    /// <summary>Whether missing tables are created. Default true.</summary>
    public bool AutoCreate { get; init; } = true;

    /// <summary>How many connections to PostgreSQL this node opens at most. Default 20.</summary>
    public int MaxConnections { get; init; } = JournalOptions.PostgreSql.DefaultMaxConnections;

    /// <summary>The settings as the journal takes them. The file with the connection string is read now.</summary>
    /// <exception cref="JournalException">The file cannot be read, or is empty.</exception>
    public JournalOptions ToJournalOptions() => IsPostgreSql
        ? new JournalOptions.PostgreSql(ReadConnectionString(), AutoCreate, MaxConnections)
        : new JournalOptions.Sqlite(Path);

    /// <summary>Leaves the connection string out: settings get printed.</summary>
    public override string ToString() =>
        $"JournalSettings {{ IsPostgreSql = {IsPostgreSql}, Path = {Path}, ConnectionStringFile = {ConnectionStringFile}, AutoCreate = {AutoCreate}, MaxConnections = {MaxConnections} }}";

    private string ReadConnectionString()
    {
        if (ConnectionStringFile.Length == 0)
        {
            return ConnectionString.Trim();
        }

        try
        {
            return SecretFile.Read("journal.connection_string_file", ConnectionStringFile);
        }
        catch (IOException e)
        {
            throw new JournalException(e.Message, e);
        }
    }
}
