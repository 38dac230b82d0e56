using System.Collections.Immutable;
using System.Globalization;
using k8s.Models;
using Talon.Actors.Actionners.Shared;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Kubernetes.Tcpdump;

/// <summary><c>kubernetes:tcpdump</c>: captures the packets of the event's pod in an ephemeral container and streams them to the output.</summary>
internal sealed class TcpdumpActionner(PodResolver resolver, DebugContainer containers, IPodExec exec) : IActionner
{
    // What may pass between the start of the container and that of tcpdump.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    // timeout of coreutils says 124 when it ended tcpdump; that of busybox what tcpdump said: 0, or 143 where the signal killed it.
    private static readonly ImmutableArray<int> GoodCodes = [0, 124, 143];

    public ActionnerDescriptor Descriptor => TcpdumpModule.Module.Descriptor;

    /// <summary>None: it only adds to the pod, and a termination must not wait for a capture.</summary>
    public string? ExclusionKey(FalcoEvent falcoEvent, PlannedAction action) => null;

    public TimeSpan DefaultTimeout(PlannedAction action)
    {
        var (parameters, _) = TcpdumpParameters.Read(action.Parameters);
        return TimeSpan.FromSeconds(30) + parameters.Duration + parameters.ImageWait;
    }

    public async Task<Preparation> PrepareAsync(ActionRequest request, CallScope scope)
    {
        var (parameters, problems) = TcpdumpParameters.Read(request.Action.Parameters);
        if (!problems.IsEmpty)
        {
            return new Preparation.Done(KubeOutcomes.Invalid(problems[0].Message));
        }

        if (request.Output is null)
        {
            return new Preparation.Done(KubeOutcomes.Invalid("a capture needs an output to go to"));
        }

        if (await request.Output.CheckAsync(scope) is { } unfit)
        {
            return new Preparation.Done(unfit);
        }

        switch (await resolver.ResolveAsync(request, scope))
        {
            case PodTarget.Stopped stopped:
                return new Preparation.Done(stopped.Outcome);
            case PodTarget.Gone gone:
                return Failed(FailureKind.NotFound, $"the pod {gone.Name} in the namespace {gone.Namespace} does not exist", gone.Objects);
            case PodTarget.Replaced replaced:
                return new Preparation.Done(new ActionOutcome.Ignored($"pod was replaced since the event: {replaced.Reason}", replaced.Objects));
            case PodTarget.Found found when DebugContainer.Obstacle(found.Pod) is { } obstacle:
                return Failed(FailureKind.Rejected, obstacle, found.Objects);
            case PodTarget.Found found:
                var (container, problem) = Target(request, found.Pod, parameters);
                return container is null
                    ? Failed(FailureKind.Invalid, problem!, found.Objects)
                    : new Preparation.Ready(
                        found.Reference,
                        $"capture the packets of the pod {found.Namespace}/{found.Name} (uid {found.Uid}) for {parameters.Duration.TotalSeconds:0} s beside the container {container}",
                        found.Objects.Add("container", container));
            case var other:
                throw new InvalidOperationException($"no such pod target: {other}");
        }
    }

    public async Task<ActionOutcome> RunAsync(ActionRequest request, Preparation.Ready ready, CallScope scope)
    {
        var (parameters, _) = TcpdumpParameters.Read(request.Action.Parameters);
        if (ready.Target is not { } target || request.Output is not { } output
            || !NamespaceName.TryCreate(target.Namespace, out var namespaceName) || !KubeName.TryCreate(target.Name, out var name))
        {
            throw new InvalidOperationException("tcpdump was prepared without a pod or an output");
        }

        var wish = new DebugContainer.Wish(
            ActionNames.Of(request, "tcpdump"), parameters.Image, ready.Objects["container"], parameters.Duration + Margin, parameters.ImageWait, Security());
        var (container, end) = await containers.StartAsync(namespaceName, name, target.Uid, wish, scope);
        if (container is null)
        {
            return end! with { Objects = ready.Objects };
        }

        var command = new ExecCommand
        {
            Namespace = namespaceName,
            Pod = name,
            Container = container,
            Arguments = Arguments(parameters),
            Output = (_, _) => ValueTask.FromResult(false),
            Error = (_, _) => ValueTask.FromResult(false),
        };
        var capture = new CaptureStream(exec, command, "tcpdump", parameters.MaxSize, GoodCodes, ready.Objects, scope);
        var artifact = new Artifact("tcpdump.pcap", ready.Objects, request.Origin, capture.WriteAsync);
        string done = $"the packets of the pod {name} in the namespace {namespaceName} were captured for {parameters.Duration.TotalSeconds:0} s "
            + $"(uid {target.Uid}, ephemeral container {container}, which stays in the pod's specification)";
        var outcome = await output.StoreAsync(artifact, done, ready.Objects, scope);
        return outcome is ActionOutcome.Succeeded stored && capture.IsCut
            ? stored with { Output = $"{stored.Output}; the capture was cut at {parameters.MaxSize} bytes (max_size)" }
            : outcome;
    }

    private static Preparation.Done Failed(FailureKind kind, string reason, ImmutableSortedDictionary<string, string> objects) =>
        new(new ActionOutcome.Failed(kind, reason, objects));

    private static (string? Container, string? Problem) Target(ActionRequest request, V1Pod pod, TcpdumpParameters parameters)
    {
        var (container, problem) = ContainerChoice.Choose(request.Event, pod, parameters.Container);

        // An ephemeral container can be no target; its network is that of the pod.
        return pod.Spec?.EphemeralContainers?.Any(ephemeral => ephemeral.Name == container) == true
            ? (pod.Spec.Containers[0].Name, null)
            : (container, problem);
    }

    // -p: promiscuous mode would need NET_ADMIN, and on "any" there is none. -U: each packet is written when it comes.
    private static ImmutableArray<string> Arguments(TcpdumpParameters parameters) =>
    [
        "timeout", Number(parameters.Duration.TotalSeconds), "tcpdump", "-n", "-p", "-U", "-i", "any", "-s", Number(parameters.Snaplen), "-w", "-",
    ];

    private static string Number(double value) => ((long)value).ToString(CultureInfo.InvariantCulture);

    // NET_RAW to capture; SETUID and SETGID for the tcpdump that gives up being root when it has opened its socket.
    private static V1SecurityContext Security() => new()
    {
        RunAsUser = 0,
        RunAsNonRoot = false,
        Privileged = false,
        AllowPrivilegeEscalation = false,
        ReadOnlyRootFilesystem = true,
        Capabilities = new V1Capabilities { Drop = ["ALL"], Add = ["NET_RAW", "SETGID", "SETUID"] },
        SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
    };
}
