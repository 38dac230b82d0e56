using OpenTelemetry.Metrics;
using Talon.Actors.Pipeline.Sinks;
using Talon.Host.Configuration;
using Talon.Host.Ingress;
using Talon.Host.Logging;
using Talon.Host.Reload;

namespace Talon.Host.Composition;

/// <summary>Everything that is read and checked before the server starts.</summary>
internal sealed record ServerSetup
{
    public required TalonOptions Options { get; init; }

    public required RuleBook Book { get; init; }

    /// <summary>The files that the rules are from, to be watched; null when they are not.</summary>
    public RuleWatch? Watch { get; init; }

    /// <summary>The log; its owner closes it.</summary>
    public required TalonLog Log { get; init; }

    /// <summary>Where the lines of ASP.NET Core and Akka go.</summary>
    public required TalonLoggerProvider Lines { get; init; }

    /// <summary>Where numbers go.</summary>
    public required TalonMeters Meters { get; init; }

    /// <summary>What <c>/metrics</c> tells.</summary>
    public required MeterProvider Metrics { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The settings of notifiers, with the texts of files in place.</summary>
    public required NotifierSettings Notifiers { get; init; }

    /// <summary>How clouds and object stores are reached, keys in files included.</summary>
    public required CloudSettings Clouds { get; init; }

    /// <summary>The event route.</summary>
    public required IngressOptions Ingress { get; init; }

    /// <summary>TLS of the ingress; null for plain HTTP.</summary>
    public IngressCertificates? Certificates { get; init; }

    /// <summary>What another executable adds.</summary>
    public TalonProgramHooks Hooks { get; init; } = new();
}
