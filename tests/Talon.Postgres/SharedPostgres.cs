namespace Talon.Postgres;

/// <summary>One server for all tests of a process that only need a database of their own and leave the server alone.</summary>
public static class SharedPostgres
{
    private static readonly Lazy<Task<PostgresServer>> Server = new(() => PostgresServer.StartNewAsync());

    /// <summary>The server, started at the first call.</summary>
    public static Task<PostgresServer> GetAsync() => Server.Value;
}
