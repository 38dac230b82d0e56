using System.Collections.Immutable;

namespace Talon.Host.Composition;

/// <summary>
/// What another executable built from this library may add to <c>talon server</c>: fault points and stand-ins of tests. The
/// shipped executable passes none.
/// </summary>
public sealed record TalonProgramHooks
{
    /// <summary>Called last, so that it can replace any service.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }

    /// <summary>HOCON that stands before all other Akka settings; null for none.</summary>
    public string? Hocon { get; init; }

    /// <summary>Makers of handlers that stand between the Kubernetes client and the network, the first outermost.</summary>
    public ImmutableArray<Func<DelegatingHandler>> KubernetesHandlers { get; init; } = [];
}
