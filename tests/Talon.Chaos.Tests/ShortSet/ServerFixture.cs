using Talon.Postgres;

namespace Talon.Chaos.Tests.ShortSet;

/// <summary>One PostgreSQL server, fsync on, for the whole short set.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public PostgresServer? Server { get; private set; }

    public async Task InitializeAsync()
    {
        if (PostgresBinaries.WhyUnavailable is null)
        {
            Server = await PostgresServer.StartNewAsync(new PostgresSettings { Fsync = true });
        }
    }

    public async Task DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }
}
