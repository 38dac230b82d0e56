namespace Talon.Cluster;

/// <summary>The settings of the cluster node and its journal.</summary>
public sealed record TalonClusterOptions
{
    /// <summary>The address that the node binds and is known by. Default 127.0.0.1: nobody outside reaches a single node.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The Akka.Remote port. Default 4053; 0 takes any free port.</summary>
    public int Port { get; init; } = 4053;

    /// <summary>The folder of the SQLite journal, snapshots and lock file. It is made when it is missing. Default <c>/var/lib/talon</c>.</summary>
    public string DataDirectory { get; init; } = "/var/lib/talon";

    /// <summary>The number of buckets that the hash space is cut into; part of the data. Default 8, the value for SQLite.</summary>
    public int Buckets { get; init; } = 8;
}
