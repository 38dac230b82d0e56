using System.Collections.Immutable;
using System.Globalization;
using k8s.Models;
using Talon.Actors.Actionners.Targets;

namespace Talon.Actors.Actionners.Captures.Sysdig;

/// <summary>
/// The Job in whose pod sysdig runs, and what is run in it. The pod sleeps, ends by itself, and is privileged: what it gets of the
/// node beyond that is the table of processes, to read, and the socket of the container runtime.
/// </summary>
internal static class SysdigJob
{
    public const string Container = "sysdig";

    /// <summary>The annotation that names the action that made the Job: the EventKey and the position in its plan.</summary>
    public const string ActionAnnotation = "talon/action";

    /// <summary>The file of the capture, relative to the working directory of the container.</summary>
    public const string File = "sysdig.scap.gz";

    private const string HostRoot = "/host";
    private const string Folder = "/capture";

    // How long Kubernetes keeps the Job when Talon could not delete it.
    private const int KeptSeconds = 30;

    // sysdig checks its clock only when an event comes: where nothing happens, timeout has to end it.
    private const int Grace = 5;

    // Time that may pass between the start of the container and that of sysdig, with room to spare.
    private static readonly TimeSpan Margin = CaptureTool.Patience + TimeSpan.FromSeconds(30);

    /// <summary>The exit codes of a whole capture; 124 says that timeout ended it.</summary>
    public static ImmutableArray<int> GoodCodes { get; } = [0, 124];

    /// <param name="node">Set in the pod: the scheduler does not choose.</param>
    /// <param name="socket">The socket of the runtime on the node.</param>
    /// <param name="action">The value of <see cref="ActionAnnotation"/>.</param>
    public static V1Job Create(string name, string node, ContainerRuntime runtime, string socket, string action, SysdigParameters parameters)
    {
        var lifetime = parameters.Duration + parameters.FetchTime + Margin;
        return new V1Job
        {
            ApiVersion = "batch/v1",
            Kind = "Job",
            Metadata = Metadata(name, action),
            Spec = new V1JobSpec
            {
                BackoffLimit = 0,
                Completions = 1,
                Parallelism = 1,
                ActiveDeadlineSeconds = (long)(parameters.ImageWait + lifetime).TotalSeconds,
                TtlSecondsAfterFinished = KeptSeconds,
                Template = new V1PodTemplateSpec { Metadata = Metadata(null, action), Spec = Pod(node, runtime, socket, lifetime, parameters) },
            },
        };
    }

    /// <summary>The command that captures to a file in the pod. No shell reads it.</summary>
    /// <param name="ids">The ids of the containers, in hex; empty for all processes of the node.</param>
    public static ImmutableArray<string> CaptureCommand(ContainerRuntime runtime, string socket, ImmutableArray<string> ids, SysdigParameters parameters)
    {
        long seconds = (long)parameters.Duration.TotalSeconds;
        return
        [
            "timeout", "-s", "INT", "-k", Text(Grace), Text(seconds + Grace),
            "sysdig", "--modern-bpf",
            .. runtime.IsCri ? ["--cri", socket] : ImmutableArray<string>.Empty,
            "-M", Text(seconds), "-s", Text(parameters.BufferSize), "-z", "-w", File,
            .. ids.IsEmpty ? ImmutableArray<string>.Empty : [$"container.id in ({string.Join(',', ids)})"],
        ];
    }

    public static ImmutableArray<string> FetchCommand => ["cat", File];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static V1ObjectMeta Metadata(string? name, string action) => new()
    {
        Name = name,
        Labels = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [ManagedBy.Label] = ManagedBy.Talon,
            ["app.kubernetes.io/name"] = "talon-sysdig",
            ["app.kubernetes.io/part-of"] = ManagedBy.Talon,
        },
        Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { [ActionAnnotation] = action },
    };

    private static V1PodSpec Pod(string node, ContainerRuntime runtime, string socket, TimeSpan lifetime, SysdigParameters parameters)
    {
        // The file may become larger than the part that is fetched, and must not fill the disk of the node.
        string disk = Text((parameters.MaxSize * 2) + (1L << 30));
        return new V1PodSpec
        {
            NodeName = node,
            RestartPolicy = "Never",
            TerminationGracePeriodSeconds = 1,
            AutomountServiceAccountToken = false,
            EnableServiceLinks = false,
            DnsPolicy = "Default",

            // Past the scheduler a pod is still turned away, and evicted, by what the node does not tolerate.
            Tolerations = [new V1Toleration { OperatorProperty = "Exists" }],
            Containers =
            [
                new V1Container
                {
                    Name = Container,
                    Image = parameters.Image,
                    ImagePullPolicy = "IfNotPresent",
                    Command = ["sleep", Text((long)lifetime.TotalSeconds)],
                    WorkingDir = Folder,
                    Env = [new V1EnvVar { Name = "HOST_ROOT", Value = HostRoot }],
                    Resources = new V1ResourceRequirements
                    {
                        Requests = Quantities(("cpu", "100m"), ("memory", "256Mi"), ("ephemeral-storage", "64Mi")),
                        Limits = Quantities(("cpu", "1"), ("memory", "1Gi"), ("ephemeral-storage", disk)),
                    },
                    SecurityContext = new V1SecurityContext { Privileged = true, RunAsUser = 0, RunAsNonRoot = false },
                    VolumeMounts =
                    [
                        new V1VolumeMount { Name = "capture", MountPath = Folder },
                        new V1VolumeMount { Name = "proc", MountPath = HostRoot + "/proc", ReadOnlyProperty = true },

                        // sysdig takes the path of a CRI socket as an option; it finds that of Docker at the usual place only.
                        new V1VolumeMount { Name = "runtime", MountPath = HostRoot + (runtime.IsCri ? socket : runtime.Socket), ReadOnlyProperty = true },
                    ],
                },
            ],
            Volumes =
            [
                new V1Volume { Name = "capture", EmptyDir = new V1EmptyDirVolumeSource { SizeLimit = new ResourceQuantity(disk) } },
                new V1Volume { Name = "proc", HostPath = new V1HostPathVolumeSource { Path = "/proc", Type = "Directory" } },
                new V1Volume { Name = "runtime", HostPath = new V1HostPathVolumeSource { Path = socket, Type = "Socket" } },
            ],
        };
    }

    private static Dictionary<string, ResourceQuantity> Quantities(params (string Name, string Value)[] quantities) =>
        quantities.ToDictionary(quantity => quantity.Name, quantity => new ResourceQuantity(quantity.Value), StringComparer.Ordinal);
}
