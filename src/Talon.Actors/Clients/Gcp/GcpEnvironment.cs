namespace Talon.Actors.Clients.Gcp;

/// <summary>What the machine says of Google Cloud, and where its services are.</summary>
/// <param name="Variable">Reads an environment variable; null when it is not set.</param>
public sealed record GcpEnvironment(Func<string, string?> Variable)
{
    /// <summary>That of this process, and the services of Google.</summary>
    public static GcpEnvironment Process { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>The API of Cloud Functions, without a slash at its end.</summary>
    public string FunctionsUrl { get; init; } = "https://cloudfunctions.googleapis.com";

    /// <summary>The JSON API of Cloud Storage, with a slash at its end.</summary>
    public string StorageUrl { get; init; } = "https://storage.googleapis.com/storage/v1/";

    /// <summary>The metadata server of the machine, without a slash at its end. <c>GCE_METADATA_HOST</c> names another.</summary>
    public string MetadataUrl => $"http://{(Variable("GCE_METADATA_HOST") is { Length: > 0 } host ? host : "169.254.169.254")}";
}
