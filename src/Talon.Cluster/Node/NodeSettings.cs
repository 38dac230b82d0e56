using System.Globalization;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Persistence.Sql;
using Talon.Cluster.Forming;
using Talon.Cluster.Journal;

namespace Talon.Cluster.Node;

/// <summary>The settings of the actor system, put together from typed options, the embedded files and the defaults of the libraries.</summary>
internal static class NodeSettings
{
    /// <summary>The settings as the node uses them, in the order typed options, files, library defaults.</summary>
    /// <param name="extra">Settings that win over all others; null for none.</param>
    public static Config Build(TalonClusterOptions options, Config? extra) =>
        (extra ?? Config.Empty)
            .WithFallback(Typed(options))
            .WithFallback(HoconFiles.Read(Journals.HoconFileOf(options.Journal)))
            .WithFallback(HoconFiles.Read("journal.conf"))
            .WithFallback(HoconFiles.Read("talon.conf"))
            .WithFallback(SqlPersistence.DefaultConfiguration)
            .WithFallback(ClusterSharding.DefaultConfig())
            .WithFallback(ClusterSingleton.DefaultConfig());

    private static Config Typed(TalonClusterOptions options) => ConfigurationFactory.ParseString(string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        akka.remote.dot-netty.tcp {
          hostname = "{{TalonClusterOptions.ListenAddress(options.Host, options.BindAddress)}}"
          public-hostname = "{{options.Host}}"
          port = {{options.Port}}
        }
        akka.cluster.app-version = "{{options.Version}}"
        """));
}
