using Talon.Postgres;

namespace Talon.Cluster.Tests.Journal.Postgres;

/// <summary>Tests with data that need a PostgreSQL server. Without one on this machine it is skipped; with <c>CI=true</c> it fails.</summary>
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresBinaries.WhySkipped;
}
