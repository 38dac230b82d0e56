using System.Collections.Immutable;
using k8s.Models;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Captures.Sysdig;

/// <summary>
/// <c>kubernetes:sysdig</c>: captures the system calls of the event's pod, or of its node, in the pod of a privileged Job on that
/// node, and streams them to the output. The event's own pod is only read.
/// </summary>
internal sealed class SysdigActionner(ContainerTarget entry, CaptureJob jobs, CaptureTool tool, ProtectedNamespaces protectedNamespaces) : Actionner<SysdigParameters>(SysdigParameters.Read)
{
    public static ActionnerModule Module { get; } = new(
        typeof(SysdigActionner),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:sysdig"),
            Description = "Captures the system calls of the pod or of its whole node.",
            Sources = ["syscall", "k8s_audit"],
            RequiredFields = ["k8s.ns.name or ka.target.namespace", "k8s.pod.name or ka.target.pod.name or ka.target.name"],
            ContinueByDefault = false,
            UsesContexts = false,
            Output = OutputUse.Required,
            RepeatSafe = false,
            UidPrecondition = false,
            LongRunning = true,
            Destructive = false,
            FailsAtWillOfContainer = true,
            Parameters = SysdigParameters.Schema,
        },
        ports =>
        {
            var kubernetes = ports.Kubernetes;
            return new SysdigActionner(
                ports.PodEntry,
                new CaptureJob(kubernetes.Jobs, kubernetes.Pods, ports.Clock),
                new CaptureTool(kubernetes.Exec, ports.Clock),
                ports.ProtectedNamespaces);
        });

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    /// <summary>None: it writes only to its own Job.</summary>
    protected override string? ExclusionKey(FalcoEvent falcoEvent, SysdigParameters parameters) => null;

    protected override TimeSpan DefaultTimeout(SysdigParameters parameters) =>
        ShortTimeout + parameters.Duration + parameters.ImageWait + parameters.FetchTime;

    protected override async Task<Preparation> PrepareAsync(ActionRequest request, SysdigParameters parameters, CallScope scope)
    {
        var (home, end) = HomeOf(parameters);
        if (home is null)
        {
            return new Preparation.Done(end!);
        }

        var (entered, stop) = await entry.FindAsync(request, scope, PodUse.Read);
        if (entered is null)
        {
            return stop!;
        }

        var (plan, refused) = PlanOf(entered, parameters);
        return plan is null
            ? new Preparation.Done(refused!)
            : new Preparation.Ready(
                entered.Reference,
                $"capture the system calls of {WhoseOf(entered, plan, parameters)} (uid of the pod {entered.Pod.Metadata.Uid}) for {Seconds(parameters)} s "
                    + $"in the pod of a privileged Job in the namespace {home}",
                entered.Objects);
    }

    protected override async Task<ActionOutcome> RunAsync(ActionRequest request, SysdigParameters parameters, Preparation.Ready ready, CallScope scope)
    {
        if (request.Output is not { } output)
        {
            return new ActionOutcome.Failed(FailureKind.Invalid, "the action has no output to put the capture in", ready.Objects);
        }

        var (home, end) = HomeOf(parameters);
        if (home is null)
        {
            return end!;
        }

        (var entered, end) = await entry.AgainAsync(ready, scope);
        if (entered is null)
        {
            return end!;
        }

        (var plan, end) = PlanOf(entered, parameters);
        if (plan is null)
        {
            return end!;
        }

        (var job, end) = await jobs.CreateAsync(
            home,
            ActionNames.Of(request, "sysdig"),
            name => SysdigJob.Create(name, plan.Node, plan.Runtime, plan.Socket, $"{request.EventKey}/{request.Action.Position}", parameters),
            ready.Objects,
            scope);
        if (job is null)
        {
            return end!;
        }

        string? left = null;
        ActionOutcome outcome;
        try
        {
            outcome = await CaptureAsync(request, output, parameters, entered, plan, job, ready, scope);
        }
        finally
        {
            left = await jobs.DeleteAsync(job, scope);
        }

        return left is null ? outcome : WithNote(
            outcome, $"; the Job {job.Namespace}/{job.Name} could not be deleted, it ends by itself and is removed then: {left}");
    }

    private static ActionOutcome WithNote(ActionOutcome outcome, string note) => outcome switch
    {
        ActionOutcome.Succeeded succeeded => succeeded with { Output = succeeded.Output + note },
        ActionOutcome.Failed failed => failed with { Reason = failed.Reason + note },
        _ => outcome,
    };

    private static (Plan? Plan, ActionOutcome? Refused) PlanOf(ContainerTarget.Entered entered, SysdigParameters parameters)
    {
        if (entered.Pod.Spec?.NodeName is not { Length: > 0 } node)
        {
            return Refuse("the pod has no node yet: there is nothing to capture");
        }

        if (parameters.Scope == SysdigScope.Pod && HasEnded(entered.Pod))
        {
            return Refuse("the pod has ended: there is nothing to capture");
        }

        if (ContainerRuntime.Of(entered.Pod) is not { } runtime)
        {
            return Refuse(
                "no id of a container of the pod names a container runtime that Talon knows: "
                + $"{string.Join(", ", ContainerRuntime.Known.Select(known => known.Name))}");
        }

        var ids = parameters.Scope == SysdigScope.Pod ? ContainerRuntime.Ids(entered.Pod) : [];
        return parameters.Scope == SysdigScope.Pod && ids.IsEmpty
            ? Refuse("no container of the pod has an id that names it: there is nothing to capture")
            : (new Plan(node, runtime, parameters.RuntimeSocket ?? runtime.Socket, ids), null);

        (Plan?, ActionOutcome?) Refuse(string reason) => (null, new ActionOutcome.Failed(FailureKind.Rejected, reason, entered.Objects));
    }

    private static bool HasEnded(V1Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";

    private static string WhoseOf(ContainerTarget.Entered entered, Plan plan, SysdigParameters parameters) => parameters.Scope == SysdigScope.Node
        ? $"the whole node {OneLine.From(plan.Node)} of the pod {entered.Namespace}/{entered.Name}"
        : $"the pod {entered.Namespace}/{entered.Name}";

    private static string Seconds(SysdigParameters parameters) => $"{parameters.Duration.TotalSeconds:0}";

    private (NamespaceName? Home, ActionOutcome? Stop) HomeOf(SysdigParameters parameters)
    {
        if (parameters.Namespace is { } named)
        {
            return protectedNamespaces.Contains(named) && named.Value != protectedNamespaces.Own
                ? (null, new ActionOutcome.Ignored(
                    $"no Job is made there: {protectedNamespaces.Reason(named)}", KubeOutcomes.NoObjects.Add("namespace", named.Value)))
                : (named, null);
        }

        return NamespaceName.TryCreate(protectedNamespaces.Own, out var own)
            ? (own, null)
            : (null, KubeOutcomes.Invalid("Talon does not know its own namespace (POD_NAMESPACE is not set): name one for the Job with the parameter namespace"));
    }

    private async Task<ActionOutcome> CaptureAsync(
        ActionRequest request,
        ArtifactStore output,
        SysdigParameters parameters,
        ContainerTarget.Entered entered,
        Plan plan,
        CaptureJob.Made job,
        Preparation.Ready ready,
        CallScope scope)
    {
        var objects = ready.Objects.Add("job", job.Name.Value);
        var (pod, notStarted) = await jobs.WaitAsync(job, parameters.ImageWait, objects, scope);
        if (pod is null)
        {
            return notStarted!;
        }

        var ids = plan.Ids;
        if (parameters.Scope == SysdigScope.Pod)
        {
            // An image may take its time to come. What has ended by now makes no system calls: its capture would pass for that of a pod
            // that does nothing. Where nobody can tell, the capture is tried.
            var (again, lost) = await entry.AgainAsync(ready, scope);
            if (lost is ActionOutcome.Ignored or ActionOutcome.Failed { Kind: FailureKind.NotFound })
            {
                return lost with { Objects = objects };
            }

            if (again is not null && HasEnded(again.Pod))
            {
                return new ActionOutcome.Failed(FailureKind.Rejected, "the pod ended while the Job started: there is nothing to capture", objects);
            }

            // A container that was started anew has another id. No ids at all would mean the whole node.
            ids = again is not null && ContainerRuntime.Ids(again.Pod) is { IsEmpty: false } now ? now : ids;
        }

        // What sysdig prints while it writes to a file is useless.
        using var printed = new OutputCapture(0);
        var command = new ExecCommand
        {
            Namespace = job.Namespace,
            Pod = pod,
            Container = SysdigJob.Container,
            InPodOfTalon = true,
            Arguments = SysdigJob.CaptureCommand(plan.Runtime, plan.Socket, ids, parameters),
            Output = printed.TakeAsync,
            Error = printed.TakeAsync,
        };
        var (broken, started) = await tool.RunAsync(command, "sysdig", SysdigJob.GoodCodes, objects, scope);
        if (broken is not null && (!started || scope.Refusal() is not null))
        {
            return broken;
        }

        // However sysdig ended, what it had written by then is fetched. Where that is nothing, its own end is what went wrong.
        CappedCopy? copy = null;
        var artifact = new Artifact(SysdigJob.File, objects, request.Origin, async (destination, _) =>
        {
            copy = new CappedCopy(destination, parameters.MaxSize);
            var fetched = await tool.RunAsync(command with { Arguments = SysdigJob.FetchCommand, Output = copy.TakeAsync }, "cat", [0], objects, scope);
            return broken is not null && (fetched.Failure is not null || copy.Written == 0) ? broken : fetched.Failure;
        });
        string done = $"the system calls of {WhoseOf(entered, plan, parameters)} were captured for {Seconds(parameters)} s by the Job {job.Namespace}/{job.Name}";
        var outcome = await output.StoreAsync(artifact, done, objects, scope);
        return CaptureNotes.Add(
            outcome,
            CaptureNotes.BrokenOff(broken),
            copy?.Written == 0 ? "sysdig wrote nothing" : null,
            CaptureNotes.CutAt(copy, parameters.MaxSize));
    }

    /// <param name="Ids">The containers; empty for all processes of the node.</param>
    private sealed record Plan(string Node, ContainerRuntime Runtime, string Socket, ImmutableArray<string> Ids);
}
