using Talon.Host.Configuration;

namespace Talon.Host.Ingress;

/// <summary>The settings of the event route, with its secrets and files already read.</summary>
internal sealed record IngressOptions
{
    /// <summary>How many bytes of bodies a node holds at one time before it refuses: 64 MiB.</summary>
    public const long BytesInFlight = 64L * 1024 * 1024;

    /// <summary>The largest body, in bytes. Default 256 KiB.</summary>
    public int MaxBody { get; init; } = IngressSettings.DefaultMaxBody;

    /// <summary>Who may post; null for anyone.</summary>
    public IngressAuthentication? Authentication { get; init; }

    /// <summary>Whether a sender must have presented a client certificate, which the TLS handshake has then checked. Default false.</summary>
    public bool RequiresClientCertificate { get; init; }

    /// <summary>Whether every event is logged, not only those that a rule matches. Default false.</summary>
    public bool PrintAllEvents { get; init; }
}
