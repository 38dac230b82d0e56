namespace Talon.Cluster.Forming;

/// <summary>How a cluster forms.</summary>
public enum ClusterMode
{
    /// <summary>One node that joins itself.</summary>
    SingleNode,

    /// <summary>Nodes that find each other through a fixed list of seed nodes.</summary>
    StaticSeeds,
}
