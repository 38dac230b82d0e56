namespace Talon.EndToEnd.Tests.RealCluster;

/// <summary>A test that needs a real cluster and is skipped without one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealClusterFactAttribute : FactAttribute
{
    public RealClusterFactAttribute()
    {
        if (Kubeconfig is null)
        {
            Skip = "TALON_TEST_KUBECONFIG names no kubeconfig of a cluster to test against";
        }
    }

    internal static string? Kubeconfig =>
        Environment.GetEnvironmentVariable("TALON_TEST_KUBECONFIG") is { Length: > 0 } path ? Path.GetFullPath(path) : null;
}
