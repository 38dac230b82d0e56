using Talon.Cluster.Journal;

namespace Talon.Cluster;

/// <summary>The settings of the cluster node and its journal.</summary>
public sealed record TalonClusterOptions
{
    /// <summary>The address that the node binds and is known by. Default 127.0.0.1: nobody outside reaches a single node.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The Akka.Remote port. Default 4053; 0 takes any free port.</summary>
    public int Port { get; init; } = 4053;

    /// <summary>Where the facts are kept, and in how many buckets. Default SQLite in <c>/var/lib/talon</c>.</summary>
    public JournalOptions Journal { get; init; } = new JournalOptions.Sqlite("/var/lib/talon");
}
