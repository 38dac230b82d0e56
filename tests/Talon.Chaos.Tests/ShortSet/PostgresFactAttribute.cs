using Talon.Postgres;

namespace Talon.Chaos.Tests.ShortSet;

/// <summary>A fact that needs a real PostgreSQL server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresBinaries.WhySkipped;
}
