using System.Collections.Immutable;
using System.Net;
using Talon.Cluster.Journal;
using Talon.Cluster.Membership;

namespace Talon.Cluster.Forming;

/// <summary>The settings of the cluster node and its journal.</summary>
public sealed record TalonClusterOptions
{
    /// <summary>How the cluster forms. Default <see cref="ClusterMode.SingleNode"/>.</summary>
    public ClusterMode Mode { get; init; } = ClusterMode.SingleNode;

    /// <summary>The address or host name that the node is known by. Default 127.0.0.1: nobody outside reaches a single node.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The address that Akka.Remote listens on. Default null: <see cref="Host"/> when that is an IP address, else every address.</summary>
    public string? BindAddress { get; init; }

    /// <summary>The Akka.Remote port. Default 4053; 0 takes any free port.</summary>
    public int Port { get; init; } = 4053;

    /// <summary>The nodes that a static cluster forms around, the same list on every node. The first one may form the cluster. Default none.</summary>
    public ImmutableArray<NodeAddress> SeedNodes { get; init; } = [];

    /// <summary>How long the node tries to become a member before its start fails. Default 60 s.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The version of the program, told to the other members. Default <c>0.0.0</c>.</summary>
    public string Version { get; init; } = "0.0.0";

    /// <summary>The clock by which the node waits for its cluster and its journal. Default that of the system.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where the facts are kept, and in how many buckets. Default SQLite in <c>/var/lib/talon</c>.</summary>
    public JournalOptions Journal { get; init; } = new JournalOptions.Sqlite(JournalOptions.Sqlite.DefaultDirectory);

    /// <summary>Where Akka.Remote listens.</summary>
    public static string ListenAddress(string host, string? bindAddress) =>
        bindAddress ?? (IPAddress.TryParse(host, out _) || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? host : "0.0.0.0");
}
