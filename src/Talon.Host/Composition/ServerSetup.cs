using Talon.Host.Configuration;
using Talon.Host.Ingress;
using Talon.Host.Logging;
using Talon.Host.Reload;
using Talon.Rules.Matching;

namespace Talon.Host.Composition;

/// <summary>Everything that is read and checked before the server is built.</summary>
internal sealed record ServerSetup
{
    public required TalonOptions Options { get; init; }

    public required RuleSet Rules { get; init; }

    /// <summary>The files that the rules are from, to be watched; null when they are not.</summary>
    public RuleWatch? Watch { get; init; }

    /// <summary>The log; its owner closes it.</summary>
    public required TalonLog Log { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The event route.</summary>
    public required IngressOptions Ingress { get; init; }

    /// <summary>TLS of the ingress; null for plain HTTP.</summary>
    public IngressCertificates? Certificates { get; init; }

    /// <summary>Whether SIGTERM and SIGINT end the server.</summary>
    public bool HandlesSignals { get; init; }

    /// <summary>Registers the pipeline: <c>IIntake</c>, <c>IPipelineStatus</c> and the actor system.</summary>
    public required Action<IServiceCollection> AddPipeline { get; init; }

    /// <summary>What another executable adds.</summary>
    public TalonProgramHooks Hooks { get; init; } = new();
}
