namespace Talon.Actors.Clients.Minio;

/// <summary>How MinIO is reached.</summary>
public sealed record MinioOptions
{
    /// <summary>Host and port, for instance <c>minio.storage:9000</c>; empty when there is none.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>The access key.</summary>
    public string AccessKey { get; init; } = "";

    /// <summary>Its secret.</summary>
    public string SecretKey { get; init; } = "";

    /// <summary>Whether TLS is used. Default false, as in the original.</summary>
    public bool UseTls { get; init; }

    /// <summary>Leaves the keys out: settings get printed.</summary>
    public override string ToString() => $"MinioOptions {{ Endpoint = {Endpoint}, UseTls = {UseTls} }}";
}
