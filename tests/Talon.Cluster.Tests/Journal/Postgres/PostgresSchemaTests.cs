using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql;
using Npgsql;
using Talon.Cluster.Journal.Postgres;
using Talon.Cluster.Node;
using Talon.Postgres;

namespace Talon.Cluster.Tests.Journal.Postgres;

[Trait("Speed", "Slow")]
public sealed class PostgresSchemaTests
{
    private const string Shape =
        """
        SELECT string_agg(line, E'\n' ORDER BY line) FROM (
            SELECT 'column ' || concat_ws(' ', table_name, ordinal_position, column_name, data_type, character_maximum_length, is_nullable, is_identity, identity_generation, column_default) AS line
            FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            UNION ALL SELECT 'table ' || relname || ' ' || relpersistence::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        ) AS lines
        """;

    [PostgresFact]
    public async Task Statements_Tables_AreThoseThatAkkaMakesItself()
    {
        var server = await SharedPostgres.GetAsync();
        string ours = await server.CreateDatabaseAsync();
        string theirs = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(ours, PostgresSchema.Script + "DROP TABLE talon_meta");

        await LetAkkaMakeTablesAsync(server, theirs);

        string expected = (string)(await server.ScalarAsync(theirs, Shape))!;
        Assert.Contains("journal_uq", expected, StringComparison.Ordinal);
        Assert.Equal(expected, await server.ScalarAsync(ours, Shape));
    }

    private static async Task LetAkkaMakeTablesAsync(PostgresServer server, string database)
    {
        await using (var connection = new NpgsqlConnection(server.ConnectionString(database)))
        {
            // Talon's own settings, but Akka makes the tables.
            var config = ConfigurationFactory.ParseString(
                    $$"""
                    akka.loglevel = OFF
                    akka.stdout-loglevel = OFF
                    akka.persistence.journal.sql { auto-initialize = true, connection-string = "{{connection.ConnectionString}}" }
                    akka.persistence.snapshot-store.sql { auto-initialize = true, connection-string = "{{connection.ConnectionString}}" }
                    """)
                .WithFallback(HoconFiles.Read("postgresql.conf"))
                .WithFallback(HoconFiles.Read("journal.conf"))
                .WithFallback(SqlPersistence.DefaultConfiguration);
            var system = ActorSystem.Create("plain", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config)));
            var saved = await system.ActorOf(Props.Create(() => new Saver())).Ask<string>("save", TimeSpan.FromSeconds(20));
            Assert.Equal("saved", saved);
            await system.Terminate();
        }

        NpgsqlConnection.ClearAllPools();
    }

    private sealed class Saver : UntypedPersistentActor
    {
        private IActorRef _asker = ActorRefs.Nobody;

        public override string PersistenceId => "saver";

        protected override void OnRecover(object message)
        {
        }

        protected override void OnCommand(object message)
        {
            switch (message)
            {
                case string text:
                    _asker = Sender;
                    Persist(text, SaveSnapshot);
                    break;
                case SaveSnapshotSuccess:
                    _asker.Tell("saved");
                    break;
                case SaveSnapshotFailure failed:
                    _asker.Tell(failed.Cause.ToString());
                    break;
            }
        }
    }
}
