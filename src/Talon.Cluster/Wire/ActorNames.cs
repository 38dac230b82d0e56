namespace Talon.Cluster.Wire;

/// <summary>Names that several parts must agree on.</summary>
public static class ActorNames
{
    /// <summary>The name of the actor system, the cluster role and the serializer.</summary>
    public const string Talon = "talon";

    /// <summary>The type name of the sharded event buckets.</summary>
    public const string EventShards = "event";

    /// <summary>The type name of the sharded locks.</summary>
    public const string LockShards = "guard";
}
