using System.Collections.Immutable;
using System.Globalization;
using k8s.Models;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Captures.Tcpdump;

/// <summary><c>kubernetes:tcpdump</c>: captures the packets of the event's pod in an ephemeral container and streams them to the output.</summary>
internal sealed class TcpdumpActionner(ContainerTarget entry, DebugContainer containers, CaptureTool tool) : Actionner<TcpdumpParameters>(TcpdumpParameters.Read)
{
    public static ActionnerModule Module { get; } = new(
        typeof(TcpdumpActionner),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:tcpdump"),
            Description = "Captures the network packets of the pod.",
            Sources = ["syscall"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = false,
            UsesContexts = false,
            Output = OutputUse.Required,
            RepeatSafe = false,
            UidPrecondition = false,
            LongRunning = true,
            Destructive = false,
            FailsAtWillOfContainer = true,
            Parameters = TcpdumpParameters.Schema,
        },
        ports =>
        {
            var pods = ports.Kubernetes.Pods;
            return new TcpdumpActionner(
                ports.PodEntry,
                new DebugContainer(pods, ports.Locks, ports.Clock),
                new CaptureTool(ports.Kubernetes.Exec, ports.Clock));
        });

    // Time that may pass between the start of the container and that of tcpdump, with room to spare.
    private static readonly TimeSpan Margin = CaptureTool.Patience + TimeSpan.FromSeconds(15);

    // timeout of coreutils exits with 124 when it ended tcpdump; that of busybox with the code of tcpdump: 0, or 143 after SIGTERM.
    private static readonly ImmutableArray<int> GoodCodes = [0, 124, 143];

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    /// <summary>None: it only adds to the pod, and a termination must not wait for a capture.</summary>
    protected override string? ExclusionKey(FalcoEvent falcoEvent, TcpdumpParameters parameters) => null;

    protected override TimeSpan DefaultTimeout(TcpdumpParameters parameters) =>
        ShortTimeout + parameters.Duration + parameters.ImageWait;

    protected override async Task<Preparation> PrepareAsync(ActionRequest request, TcpdumpParameters parameters, CallScope scope)
    {
        var (entered, stop) = await entry.FindAsync(request, scope, PodUse.Changed);
        if (entered is null)
        {
            return stop!;
        }

        if (DebugContainer.Obstacle(entered.Pod) is { } obstacle)
        {
            return new Preparation.Done(new ActionOutcome.Failed(FailureKind.Rejected, obstacle, entered.Objects));
        }

        var (container, problem) = ContainerChoice.Choose(request.Event, entered.Pod, parameters.Container);
        return container is null
            ? new Preparation.Done(new ActionOutcome.Failed(FailureKind.NotFound, problem!, entered.Objects))
            : new Preparation.Ready(
                entered.Reference,
                $"capture the packets of the pod {entered.Namespace}/{entered.Name} (uid {entered.Pod.Metadata.Uid}) for {Seconds(parameters)} s "
                    + $"in an ephemeral container {Beside(TargetOf(entered.Pod, container))}{NodeNote(entered.Pod)}",
                entered.Objects);
    }

    protected override async Task<ActionOutcome> RunAsync(ActionRequest request, TcpdumpParameters parameters, Preparation.Ready ready, CallScope scope)
    {
        if (request.Output is not { } output)
        {
            return new ActionOutcome.Failed(FailureKind.Invalid, "the action has no output to put the capture in", ready.Objects);
        }

        var (entered, end) = await entry.AgainAsync(ready, scope);
        if (entered is null)
        {
            return end!;
        }

        var (chosen, problem) = ContainerChoice.Choose(request.Event, entered.Pod, parameters.Container);
        if (chosen is null)
        {
            return new ActionOutcome.Failed(FailureKind.NotFound, problem!, ready.Objects);
        }

        string? target = TargetOf(entered.Pod, chosen);
        var wish = new DebugContainer.Wish(
            ActionNames.Of(request, "tcpdump"), parameters.Image, target, parameters.Duration + Margin, parameters.ImageWait, Security());
        (string? container, end) = await containers.StartAsync(entered.Namespace, entered.Name, entered.Pod.Metadata.Uid, wish, scope);
        if (container is null)
        {
            return end! with { Objects = ready.Objects };
        }

        var objects = ready.Objects.Add("container", container);
        var command = new ExecCommand
        {
            Namespace = entered.Namespace,
            Pod = entered.Name,
            Container = container,
            Arguments = Arguments(parameters),
            Output = (_, _) => ValueTask.FromResult(true),
            Error = (_, _) => ValueTask.FromResult(true),
        };
        CappedCopy? copy = null;
        ActionOutcome.Failed? broken = null;
        var probe = new PacketProbe();
        var artifact = new Artifact("tcpdump.pcap", objects, request.Origin, async (destination, _) =>
        {
            copy = new CappedCopy(destination, parameters.MaxSize);
            var end = await tool.RunAsync(command with { Output = TakeAsync }, "tcpdump", GoodCodes, objects, scope);
            broken = end.Failure;
            return end.Started && probe.HasPackets ? null : end.Failure;
        });
        string done = $"the packets of the pod {entered.Name} in the namespace {entered.Namespace} were captured for {Seconds(parameters)} s "
            + $"in the ephemeral container {container} {Beside(target)}, which stays in the pod's specification{NodeNote(entered.Pod)}";
        var outcome = await output.StoreAsync(artifact, done, objects, scope);
        return CaptureNotes.Add(outcome, CaptureNotes.BrokenOff(broken), WithoutPackets(copy, probe), CaptureNotes.CutAt(copy, parameters.MaxSize));

        ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> bytes, CancellationToken token)
        {
            probe.Take(bytes.Span);
            return copy!.TakeAsync(bytes, token);
        }
    }

    private static string? WithoutPackets(CappedCopy? copy, PacketProbe probe) => copy switch
    {
        { Written: 0 } => "tcpdump wrote nothing, not even the header of a capture",
        { IsCut: false } when probe.IsWithoutPackets => "no packets came",
        _ => null,
    };

    // Kubernetes accepts only a running, non-ephemeral container as a target. The network is that of the pod in any case.
    private static string? TargetOf(V1Pod pod, string container) =>
        pod.Spec.Containers.Any(one => one.Name == container) && ContainerStatuses.Of(pod, container)?.State?.Running is not null ? container : null;

    private static string Beside(string? target) => target is null ? "on its own" : $"beside the container {OneLine.From(target)}";

    private static string NodeNote(V1Pod pod) => pod.Spec.HostNetwork == true ? "; the pod uses the network of its node, so they are those of the node" : "";

    private static string Seconds(TcpdumpParameters parameters) => Number(parameters.Duration.TotalSeconds);

    // -p: promiscuous mode is of no use on "any". -U: each packet is written when it comes. -Z root: the builds of distributions give up
    // being root (Debian's become "tcpdump"), and without CAP_KILL timeout cannot stop the process of another user: it would go on until
    // the container ends. Builds that stay root, such as Alpine's, know the option as well.
    private static ImmutableArray<string> Arguments(TcpdumpParameters parameters) =>
    [
        "timeout", Seconds(parameters), "tcpdump", "-n", "-p", "-U", "-i", "any", "-s", Number(parameters.Snaplen), "-Z", "root", "-w", "-",
    ];

    private static string Number(double value) => ((long)value).ToString(CultureInfo.InvariantCulture);

    // NET_RAW to capture; SETUID and SETGID because tcpdump with -Z sets its user and groups, also when they are those of root.
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
