namespace Talon.Host.Configuration;

/// <summary>Who may post events, and how large they may be.</summary>
internal sealed record IngressSettings
{
    /// <summary>The largest body when nothing is said: 256 KiB.</summary>
    public const int DefaultMaxBody = 256 * 1024;

    /// <summary>Whether senders must show a token. Default false (<c>ingress.auth: none</c>).</summary>
    public bool RequiresToken { get; init; }

    /// <summary>The token itself; empty when it comes from a file.</summary>
    public string Token { get; init; } = "";

    /// <summary>The file that holds the token; empty when it is given itself.</summary>
    public string TokenFile { get; init; } = "";

    /// <summary>The PEM file of the certificate; empty for plain HTTP.</summary>
    public string TlsCertificate { get; init; } = "";

    /// <summary>The PEM file of its key.</summary>
    public string TlsKey { get; init; } = "";

    /// <summary>The PEM file of the authorities that client certificates must come from; empty when clients need none.</summary>
    public string TlsClientCa { get; init; } = "";

    /// <summary>The largest body, in bytes. Default 256 KiB.</summary>
    public int MaxBody { get; init; } = DefaultMaxBody;

    /// <summary>Whether the ingress speaks TLS.</summary>
    public bool UsesTls => TlsCertificate.Length > 0;

    /// <summary>Leaves the token out: settings get printed.</summary>
    public override string ToString() =>
        $"IngressSettings {{ RequiresToken = {RequiresToken}, TokenFile = {TokenFile}, TlsCertificate = {TlsCertificate}, TlsClientCa = {TlsClientCa}, MaxBody = {MaxBody} }}";
}
