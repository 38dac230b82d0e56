using Talon.Postgres;

namespace Talon.Actors.Tests.Pipeline.Postgres;

/// <summary>A test that needs a PostgreSQL server. Without one on this machine it is skipped; with <c>CI=true</c> it fails.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresBinaries.WhySkipped;
}
