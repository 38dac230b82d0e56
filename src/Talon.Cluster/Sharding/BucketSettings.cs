using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Talon.Cluster.Sharding;

/// <summary>The settings of the shards that are buckets: those of all shards, with the section <c>buckets</c> before them.</summary>
internal static class BucketSettings
{
    private const string Section = "akka.cluster.sharding";

    public static ClusterShardingSettings Of(ActorSystem system)
    {
        var all = system.Settings.Config;
        var config = all.GetConfig($"{Section}.buckets").WithFallback(all.GetConfig(Section));
        return ClusterShardingSettings.Create(config, all.GetConfig(config.GetString("coordinator-singleton")));
    }
}
