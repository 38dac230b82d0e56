namespace Talon.Actors.Tests.Actionners.Captures.Tcpdump;

/// <summary>A test that needs <see cref="RealTcpdump"/>; skipped, with the reason, where it cannot be run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealTcpdumpFactAttribute : FactAttribute
{
    public RealTcpdumpFactAttribute() => Skip = RealTcpdump.WhyNot;
}
