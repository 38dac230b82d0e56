using Akka.Configuration;
using Talon.Cluster.Forming;
using Talon.Cluster.Journal;
using Talon.Cluster.Node;

namespace Talon.Cluster.Tests.Node;

/// <summary>The effective settings that keep Akka's known traps shut. Each line was a fault somewhere once.</summary>
public sealed class SettingsTests
{
    private static readonly Config Effective = NodeSettings.Build(new TalonClusterOptions(), extra: null);

    [Theory]
    [InlineData("akka.persistence.journal.sql.replay-filter.mode", "off")]
    [InlineData("akka.persistence.journal.sql.circuit-breaker.max-failures", "100")]
    [InlineData("akka.persistence.journal.sql.circuit-breaker.reset-timeout", "3s")]
    [InlineData("akka.persistence.journal.sql.recovery-event-timeout", "10s")]
    [InlineData("akka.persistence.snapshot-store.sql.circuit-breaker.max-failures", "1000000")]
    [InlineData("akka.persistence.snapshot-store.sql.circuit-breaker.call-timeout", "10s")]
    [InlineData("akka.persistence.snapshot-store.sql.circuit-breaker.reset-timeout", "3s")]
    [InlineData("akka.persistence.journal.sql.parallelism", "1")]
    [InlineData("akka.persistence.journal.sql.provider-name", "SQLite.MS")]
    [InlineData("akka.persistence.journal.plugin", "akka.persistence.journal.sql")]
    [InlineData("akka.persistence.snapshot-store.plugin", "akka.persistence.snapshot-store.sql")]
    [InlineData("akka.coordinated-shutdown.run-by-clr-shutdown-hook", "off")]
    [InlineData("akka.coordinated-shutdown.exit-clr", "off")]
    [InlineData("akka.cluster.sharding.state-store-mode", "ddata")]
    [InlineData("akka.cluster.sharding.remember-entities", "off")]
    [InlineData("akka.cluster.sharding.passivate-idle-entity-after", "off")]
    [InlineData("akka.cluster.sharding.retry-interval", "1s")]
    [InlineData("akka.cluster.sharding.handoff-timeout", "20s")]
    [InlineData("akka.cluster.sharding.buckets.handoff-timeout", "14s")]
    [InlineData("akka.cluster.split-brain-resolver.active-strategy", "keep-majority")]
    [InlineData("akka.cluster.split-brain-resolver.stable-after", "7s")]
    [InlineData("akka.cluster.down-removal-margin", "1s")]
    [InlineData("akka.actor.serialization-settings.allow-unregistered-types", "false")]
    [InlineData("akka.remote.dot-netty.tcp.hostname", "127.0.0.1")]
    [InlineData("akka.remote.dot-netty.tcp.port", "4053")]
    public void Effective_Key_HasTheValue(string key, string value) => Assert.Equal(value, Effective.GetString(key));

    [Theory]
    [InlineData("akka.persistence.journal.sql.replay-filter.mode", "off")]
    [InlineData("akka.persistence.journal.sql.circuit-breaker.max-failures", "100")]
    [InlineData("akka.persistence.journal.sql.circuit-breaker.call-timeout", "10s")]
    [InlineData("akka.persistence.journal.sql.parallelism", "3")]
    [InlineData("akka.persistence.journal.sql.provider-name", "PostgreSQL.15")]
    [InlineData("akka.persistence.snapshot-store.sql.provider-name", "PostgreSQL.15")]
    [InlineData("akka.persistence.journal.sql.auto-initialize", "false")]
    [InlineData("akka.persistence.snapshot-store.sql.auto-initialize", "false")]
    public void Effective_KeyOnPostgreSql_HasTheValue(string key, string value) => Assert.Equal(
        value, NodeSettings.Build(new TalonClusterOptions { Journal = new JournalOptions.PostgreSql("Host=db") }, extra: null).GetString(key));

    [Fact]
    public void Effective_DurableKeys_AreNone() => Assert.Empty(Effective.GetStringList("akka.cluster.sharding.distributed-data.durable.keys"));

    [Fact]
    public void Effective_FrameSize_HoldsTheLargestBody() =>
        Assert.Equal(2 * 1024 * 1024, Effective.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size"));
}
