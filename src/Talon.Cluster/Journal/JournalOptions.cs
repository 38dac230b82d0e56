using System.Text;

namespace Talon.Cluster.Journal;

/// <summary>Where the facts of a node are kept.</summary>
public abstract record JournalOptions
{
    private JournalOptions(int buckets) => Buckets = buckets;

    /// <summary>The number of buckets that the hash space is cut into; part of the data. Default 8 with SQLite, 32 with PostgreSQL.</summary>
    public int Buckets { get; init; }

    /// <summary>Two SQLite files that belong to one process.</summary>
    /// <param name="Directory">The folder of the files and their lock. Made when it is missing.</param>
    public sealed record Sqlite(string Directory) : JournalOptions(buckets: 8)
    {
        /// <summary>The folder when nothing is said.</summary>
        public const string DefaultDirectory = "/var/lib/talon";
    }

    /// <summary>A PostgreSQL database that all nodes of a cluster share.</summary>
    /// <param name="ConnectionString">How to reach it, as Npgsql reads it. Secret: it is never printed.</param>
    /// <param name="AutoCreate">Whether missing tables are created. Default true.</param>
    /// <param name="MaxConnections">How many connections this node opens at most. Default 20.</param>
    public sealed record PostgreSql(string ConnectionString, bool AutoCreate = true, int MaxConnections = PostgreSql.DefaultMaxConnections) : JournalOptions(buckets: 32)
    {
        /// <summary>How many connections a node opens at most by default.</summary>
        public const int DefaultMaxConnections = 20;

        /// <summary>For how long a start waits for a server that does not answer. Default 30 s.</summary>
        public TimeSpan StartPatience { get; init; } = TimeSpan.FromSeconds(30);

        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder builder)
        {
            builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"AutoCreate = {AutoCreate}, MaxConnections = {MaxConnections}, Buckets = {Buckets}");
            return true;
        }
    }
}
