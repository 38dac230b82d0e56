namespace Talon.Actors.Clients.Gcp;

/// <summary>How Google Cloud is reached.</summary>
public sealed record GcpOptions
{
    /// <summary>The project; empty for that of the credentials, or else that of the metadata server.</summary>
    public string Project { get; init; } = "";

    /// <summary>The region of functions whose action names none; empty for none.</summary>
    public string Region { get; init; } = "";

    /// <summary>The path of a file with credentials, or their JSON itself; empty for the application default credentials.</summary>
    public string Credentials { get; init; } = "";

    /// <summary>Leaves the credentials out: settings get printed.</summary>
    public override string ToString() => $"GcpOptions {{ Project = {Project}, Region = {Region} }}";
}
