using k8s.Models;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>The objects that tests make: small, and without rights.</summary>
internal static class Workloads
{
    public static V1PodSpec PodSpec() => new()
    {
        Containers = [new V1Container { Name = "main", Image = ClusterRig.PauseImage }],
        TerminationGracePeriodSeconds = 5,
        AutomountServiceAccountToken = false,
    };

    public static V1ReplicaSet ReplicaSet(string name, int replicas) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1ReplicaSetSpec { Replicas = replicas, Selector = Selector(name), Template = Template(name) },
    };

    public static V1Deployment Deployment(string name) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1DeploymentSpec { Replicas = 1, Selector = Selector(name), Template = Template(name) },
    };

    public static V1DaemonSet DaemonSet(string name) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1DaemonSetSpec { Selector = Selector(name), Template = Template(name) },
    };

    public static V1StatefulSet StatefulSet(string name) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1StatefulSetSpec { Replicas = 1, ServiceName = name, Selector = Selector(name), Template = Template(name) },
    };

    /// <summary>Whether a pod runs, with the ids of its containers, and counts as healthy.</summary>
    public static bool IsRunning(V1Pod pod) =>
        pod.Status is { Phase: "Running" } status
        && pod.Metadata.DeletionTimestamp is null
        && status.ContainerStatuses is { Count: > 0 } containers && containers.All(c => c.ContainerID is not null)
        && status.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true;

    /// <summary>The labels of what a workload of that name selects.</summary>
    public static Dictionary<string, string> Labels(string name) => new(StringComparer.Ordinal) { ["app"] = name };

    private static V1LabelSelector Selector(string name) => new() { MatchLabels = Labels(name) };

    private static V1PodTemplateSpec Template(string name) => new() { Metadata = new V1ObjectMeta { Labels = Labels(name) }, Spec = PodSpec() };
}
