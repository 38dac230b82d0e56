using Talon.Postgres;
using Xunit;

namespace Talon.Testing;

/// <summary>A test that needs a PostgreSQL server. Without one on this machine it is skipped; with <c>CI=true</c> it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresBinaries.WhySkipped;
}
