using Akka.Actor.Setup;
using Akka.Persistence.Sql.Config;
using LinqToDB;
using LinqToDB.DataProvider.PostgreSQL;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Talon.Cluster.Journal.Postgres;

/// <summary>The journal that several nodes share: a PostgreSQL database, reached through a bounded pool of connections.</summary>
internal sealed class PostgresJournal : IJournal
{
    /// <summary>Akka's settings for it.</summary>
    public const string Hocon = "postgresql.conf";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _pool;

    private PostgresJournal(NpgsqlDataSource pool) => _pool = pool;

    public string HoconFile => Hocon;

    /// <summary>The connections of this node.</summary>
    internal NpgsqlDataSource Pool => _pool;

    /// <summary>Opens the database, waits for a while when it does not answer, makes missing tables, and checks what must hold.</summary>
    /// <exception cref="JournalException">It cannot be used.</exception>
    public static async Task<PostgresJournal> OpenAsync(
        JournalOptions.PostgreSql options, ILogger logger, TimeProvider clock, CancellationToken cancellationToken)
    {
        var pool = PostgresConnections.CreatePool(options);
        try
        {
            await PrepareWithPatienceAsync(pool, options, logger, clock, cancellationToken);
            return new PostgresJournal(pool);
        }
        catch
        {
            await pool.DisposeAsync();
            throw;
        }
    }

    public bool IsExclusive => false;

    public Setup CreateSetup()
    {
        // The connections come from the pool; the name of the provider has to be given beside it.
        var options = new DataOptions()
            .UseConnectionFactory(PostgreSQLTools.GetDataProvider(PostgreSQLVersion.v15), _ => _pool.CreateConnection())
            .UseProvider(ProviderName.PostgreSQL15);
        var setup = new MultiDataOptionsSetup();
        setup.AddDataOptions("akka.persistence.journal.sql", options);
        setup.AddDataOptions("akka.persistence.snapshot-store.sql", options);
        return setup;
    }

    /// <summary>Nothing is left to check: the tables were there, and were checked, before the node joined.</summary>
    public void VerifyFence()
    {
    }

    public void Dispose() => _pool.Dispose();

    private static async Task PrepareWithPatienceAsync(
        NpgsqlDataSource pool, JournalOptions.PostgreSql options, ILogger logger, TimeProvider clock, CancellationToken cancellationToken)
    {
        string place = PostgresConnections.PlaceOf(pool);
        long started = clock.GetTimestamp();
        for (bool first = true; ; first = false)
        {
            try
            {
                await PrepareAsync(pool, place, options, logger, cancellationToken);
                return;
            }
            catch (Exception e) when (cancellationToken.IsCancellationRequested && e is not OperationCanceledException)
            {
                // Whatever failed while the node was told to stop: the stop is the news, not the database.
                throw new OperationCanceledException(e.Message, e, cancellationToken);
            }
            catch (Exception e) when (PostgresErrors.IsTemporary(e))
            {
                if (clock.GetElapsedTime(started) + Pause > options.StartPatience)
                {
                    throw new JournalException(
                        $"PostgreSQL at {place} could not be reached for {options.StartPatience.TotalSeconds:0} s: {PostgresErrors.Describe(e)}; "
                        + "is it running, and do host and port in the connection string of the journal lead to it?",
                        e);
                }

                if (first)
                {
                    logger.LogWarning("PostgreSQL at {Place} cannot be reached yet: {Cause}; trying again for {Seconds:0} s", place, PostgresErrors.Describe(e), options.StartPatience.TotalSeconds);
                }

                await Task.Delay(Pause, clock, cancellationToken);
            }
            catch (Exception e) when (e is NpgsqlException or System.Security.Authentication.AuthenticationException)
            {
                throw new JournalException($"PostgreSQL at {place} cannot be used: {PostgresErrors.Describe(e)}; check the connection string of the journal, and what this role may do", e);
            }
        }
    }

    private static async Task PrepareAsync(
        NpgsqlDataSource pool, string place, JournalOptions.PostgreSql options, ILogger logger, CancellationToken cancellationToken)
    {
        await using var connection = await pool.OpenConnectionAsync(cancellationToken);
        var checks = new PostgresChecks(connection, place);
        await checks.ServerIsDurableAsync(logger, cancellationToken);
        await checks.TablesAreTalonsAsync(cancellationToken);
        var missing = await checks.MissingTablesAsync(cancellationToken);
        if (missing.Count > 0)
        {
            await CreateAsync(connection, place, options, missing, cancellationToken);
        }

        await checks.TablesAreUsableAsync(cancellationToken);
        await checks.FenceIsThereAsync(cancellationToken);
        await checks.BucketsAreTheSameAsync(options.Buckets, cancellationToken);
    }

    private static async Task CreateAsync(
        NpgsqlConnection connection, string place, JournalOptions.PostgreSql options, IReadOnlyList<string> missing, CancellationToken cancellationToken)
    {
        string what = $"the database {place} has no table {string.Join(", ", missing)}";
        if (!options.AutoCreate)
        {
            throw new JournalException($"{what}: create them with 'talon journal schema | psql …', or set journal.auto_create to true");
        }

        try
        {
            await PostgresSchema.CreateAsync(connection, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new JournalException(
                $"{what}, and this role may not create them: {PostgresErrors.Describe(e)}; let one that may run 'talon journal schema | psql …', or GRANT CREATE on the schema", e);
        }
    }
}
