using Npgsql;
using Talon.Cluster.Journal;
using Talon.Cluster.Journal.Postgres;

namespace Talon.Cluster.Tests.Journal.Postgres;

/// <summary>The limits that keep a hanging server from hanging the node, whatever the user's connection string says.</summary>
public sealed class PostgresConnectionsTests
{
    [Theory]
    [InlineData("", 5, 6)]
    [InlineData(";Timeout=2;Command Timeout=3", 2, 3)]
    [InlineData(";Timeout=0;Command Timeout=0", 5, 6)]
    [InlineData(";Timeout=60;Command Timeout=600;Maximum Pool Size=999;Pooling=false", 5, 6)]
    public void CreatePool_Limits_Hold(string given, int connect, int command)
    {
        using var pool = PostgresConnections.CreatePool(new JournalOptions.PostgreSql("Host=db;Username=u;Password=p" + given, MaxConnections: 7));
        var text = new NpgsqlConnectionStringBuilder(pool.ConnectionString);

        Assert.Equal((connect, command), (text.Timeout, text.CommandTimeout));
        Assert.Equal((true, 7), (text.Pooling, text.MaxPoolSize));
        Assert.True(text.TcpKeepAlive);
        Assert.InRange(text.CommandTimeout + (text.CancellationTimeout / 1000), 1, 9);
        Assert.DoesNotContain("Password", pool.ConnectionString, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("", "-c idle_in_transaction_session_timeout=5000")]
    [InlineData(";Options=-c work_mem=8MB", "-c work_mem=8MB -c idle_in_transaction_session_timeout=5000")]
    public void CreatePool_Options_EndTransactionsThatNobodyGoesOnWith(string given, string options)
    {
        using var pool = PostgresConnections.CreatePool(new JournalOptions.PostgreSql("Host=db;Username=u;Password=p" + given));

        Assert.Equal(options, new NpgsqlConnectionStringBuilder(pool.ConnectionString).Options);
    }

    [Fact]
    public void CreatePool_OtherSettings_AreTheUsers()
    {
        using var pool = PostgresConnections.CreatePool(new JournalOptions.PostgreSql("Host=db;Username=u;Search Path=talon;SSL Mode=VerifyFull;Application Name=x"));
        var text = new NpgsqlConnectionStringBuilder(pool.ConnectionString);

        Assert.Equal(("talon", SslMode.VerifyFull, "x"), (text.SearchPath, text.SslMode, text.ApplicationName));
    }
}
