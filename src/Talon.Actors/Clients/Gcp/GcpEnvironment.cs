namespace Talon.Actors.Clients.Gcp;

/// <summary>What the machine says of Google Cloud, and where its services are.</summary>
/// <param name="Variable">Reads an environment variable; null when it is not set.</param>
public sealed record GcpEnvironment(Func<string, string?> Variable)
{
    /// <summary>That of this process, and the services of Google.</summary>
    public static GcpEnvironment Process { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>
    /// The API of Cloud Functions, without a slash at its end. <c>CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDFUNCTIONS</c> names another, as for gcloud.
    /// </summary>
    public string FunctionsUrl { get; init; } = Override(Variable, "CLOUDFUNCTIONS") ?? "https://cloudfunctions.googleapis.com";

    /// <summary>
    /// The JSON API of Cloud Storage, with a slash at its end. <c>CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE</c> names another, as for gcloud: an endpoint
    /// of Private Service Connect.
    /// </summary>
    public string StorageUrl { get; init; } = $"{Override(Variable, "STORAGE") ?? "https://storage.googleapis.com/storage/v1"}/";

    /// <summary>The metadata server of the machine, without a slash at its end. <c>GCE_METADATA_HOST</c> names another.</summary>
    public string MetadataUrl => $"http://{(Variable("GCE_METADATA_HOST") is { Length: > 0 } host ? host : "169.254.169.254")}";

    private static string? Override(Func<string, string?> variable, string service) =>
        variable($"CLOUDSDK_API_ENDPOINT_OVERRIDES_{service}") is { Length: > 0 } url ? url.TrimEnd('/') : null;
}
