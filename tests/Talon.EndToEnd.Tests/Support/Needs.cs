namespace Talon.EndToEnd.Tests.Support;

/// <summary>What a test needs of a cluster beyond its API.</summary>
internal static class Needs
{
    /// <summary>Containers that run: exec, logs, ephemeral containers, jobs.</summary>
    public const string Kubelet = "kubelet";

    /// <summary>A network that obeys policies.</summary>
    public const string Cni = "cni";

    /// <summary>The stand-in alone: commands and images whose behaviour the test makes up.</summary>
    public const string StandIn = "stand-in";

    /// <summary>Nodes that may be cordoned and emptied: nothing runs on the cluster that would miss it.</summary>
    public const string Nodes = "nodes";

    /// <summary>The image of containers with a shell and programs.</summary>
    public const string ShellImage = $"image:{ClusterRig.ShellImage}";

    /// <summary>The resources of Cilium.</summary>
    public const string CiliumCrd = "crd:cilium";

    /// <summary>The resources of Calico.</summary>
    public const string CalicoCrd = "crd:calico";

    /// <summary>Names what a real cluster has beside an API and a kubelet, separated by commas; <c>image:NAME</c> for an image it can pull.</summary>
    public const string Variable = "TALON_TEST_HAS";

    /// <returns>Why a test is skipped; null when it runs.</returns>
    public static string? Missing(bool standIn, IEnumerable<string> needs)
    {
        if (!standIn && RealCluster.RealClusterFactAttribute.Kubeconfig is null)
        {
            return "TALON_TEST_KUBECONFIG names no kubeconfig of a cluster to test against";
        }

        foreach (string need in needs)
        {
            if (standIn ? need == Cni : need != Kubelet && !Has.Contains(need, StringComparer.Ordinal))
            {
                return standIn ? $"needs {need}, which the stand-in has not" : $"needs {need}, which {Variable} does not name";
            }
        }

        return null;
    }

    private static string[] Has => (Environment.GetEnvironmentVariable(Variable) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
