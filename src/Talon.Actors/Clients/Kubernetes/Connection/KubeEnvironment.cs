namespace Talon.Actors.Clients.Kubernetes.Connection;

/// <summary>What the Kubernetes client reads of the process's surroundings, as values: nothing here reads them statically.</summary>
/// <param name="Variable">The value of an environment variable; null when it is not set.</param>
/// <param name="ReadFile">The content of a small text file; null when it does not exist or cannot be read.</param>
public sealed record KubeEnvironment(Func<string, string?> Variable, Func<string, string?> ReadFile)
{
    /// <summary>Where a pod finds the name of its own namespace (fixed by Kubernetes).</summary>
    public const string NamespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

    /// <summary>The real environment and file system.</summary>
    public static KubeEnvironment Process { get; } = new(Environment.GetEnvironmentVariable, ReadOrNull);

    private static string? ReadOrNull(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
