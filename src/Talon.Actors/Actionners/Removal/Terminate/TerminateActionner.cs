using k8s.Models;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Removal.Terminate;

/// <summary><c>kubernetes:terminate</c>: deletes the pod of the event, by its uid.</summary>
internal sealed class TerminateActionner(IPods pods, PodResolver resolver, ReplicaGuard guard, ConflictRetry conflicts) : Actionner<TerminateParameters>(TerminateParameters.Read)
{
    public static ActionnerModule Module { get; } = new(
        typeof(TerminateActionner),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:terminate"),
            Description = "Terminates the pod.",
            Sources = ["syscall", "k8s_audit"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = false,
            UsesContexts = false,
            Output = OutputUse.None,
            RepeatSafe = true,
            UidPrecondition = true,
            LongRunning = false,
            Destructive = true,
            Parameters = TerminateParameters.Schema,
        },
        ports => new TerminateActionner(
            ports.Kubernetes.Pods,
            ports.PodResolver,
            new ReplicaGuard(ports.Kubernetes.Pods, ports.Kubernetes.PodControllers, ports.Locks),
            ports.ConflictRetry));

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    protected override string? ExclusionKey(FalcoEvent falcoEvent, TerminateParameters parameters) => PodResolver.Key(falcoEvent);

    protected override async Task<Preparation> PrepareAsync(ActionRequest request, TerminateParameters parameters, CallScope scope)
    {
        bool repeated = request.EarlierTarget is not null;
        switch (await resolver.ResolveAsync(request, scope))
        {
            case PodTarget.Gone gone when repeated:
                return new Preparation.Done(DoneEarlier(gone.Namespace, gone.Name, request.EarlierTarget!.Uid));
            case PodTarget.Gone gone:
                return new Preparation.Done(new ActionOutcome.Ignored("already gone", gone.Objects));
            case PodTarget.Replaced replaced when repeated:
                return new Preparation.Done(DoneEarlier(replaced.Namespace, replaced.Name, request.EarlierTarget!.Uid));
            case PodTarget.Found found:
                if (Decide(request, found, parameters) is { } end)
                {
                    return new Preparation.Done(end);
                }

                var check = await guard.CheckAsync(found, parameters.MinHealthyReplicas, scope);
                return check.End is not null
                    ? new Preparation.Done(check.End)
                    : new Preparation.Ready(found.Reference, Intent(found, parameters) + check.Note, found.Objects);
            case var other:
                return other.End!;
        }
    }

    protected override async Task<ActionOutcome> RunAsync(ActionRequest request, TerminateParameters parameters, Preparation.Ready ready, CallScope scope)
    {
        if (ready.Target is not { } target
            || !NamespaceName.TryCreate(target.Namespace, out var namespaceName) || !KubeName.TryCreate(target.Name, out var name))
        {
            throw new InvalidOperationException("terminate was prepared without a pod");
        }

        return await conflicts.RunAsync(
            $"the pod {name} in the namespace {namespaceName}",
            KubeOutcomes.PodObjects(namespaceName, name),
            again => TryAsync(request, namespaceName, name, target.Uid, parameters, again, scope),
            scope);
    }

    private static bool AsksForShorterGrace(TerminateParameters parameters, V1Pod pod) =>
        parameters.GracePeriodSeconds is { } asked && pod.Metadata.DeletionGracePeriodSeconds is { } running && asked < running;

    private static string Intent(PodTarget.Found found, TerminateParameters parameters) =>
        $"terminate the pod {found.Namespace}/{found.Name} (uid {found.Uid})"
        + (parameters.GracePeriodSeconds is { } grace ? $" with a grace period of {grace} s" : "");

    private static ActionOutcome.Succeeded DoneEarlier(NamespaceName namespaceName, KubeName name, string uid) => new(
        $"the pod {name} in the namespace {namespaceName} was terminated by an earlier attempt (uid {uid})",
        KubeOutcomes.PodObjects(namespaceName, name));

    private static ActionOutcome Replaced(ActionRequest request, NamespaceName namespaceName, KubeName name, string uid) =>
        request.EarlierTarget is not null
            ? DoneEarlier(namespaceName, name, uid)
            : new ActionOutcome.Ignored("pod was replaced since the event", KubeOutcomes.PodObjects(namespaceName, name));

    private static ActionOutcome End(ActionRequest request, NamespaceName namespaceName, KubeName name, string uid, KubeError error) => error switch
    {
        { Replaced: true } => Replaced(request, namespaceName, name, uid),
        { Kind: FailureKind.NotFound } when request.EarlierTarget is not null => DoneEarlier(namespaceName, name, uid),
        { Kind: FailureKind.NotFound } => new ActionOutcome.Ignored("already gone", KubeOutcomes.PodObjects(namespaceName, name)),
        _ => KubeOutcomes.From(error, KubeOutcomes.PodObjects(namespaceName, name)),
    };

    /// <summary>Why a pod is not terminated, decided from the pod itself; null when it may be.</summary>
    private static ActionOutcome? Decide(ActionRequest request, PodTarget.Found found, TerminateParameters parameters)
    {
        // Where the grace period that runs is longer than the one asked for, no earlier attempt of ours took effect.
        if (found.Terminating && !AsksForShorterGrace(parameters, found.Pod))
        {
            return request.EarlierTarget is not null
                ? DoneEarlier(found.Namespace, found.Name, found.Uid)
                : new ActionOutcome.Ignored("terminating", found.Objects);
        }

        if (MirrorPods.Is(found.Pod))
        {
            return new ActionOutcome.Failed(FailureKind.Invalid, $"the pod {found.Name} in the namespace {found.Namespace} {MirrorPods.Reason}", found.Objects);
        }

        string? spared =
            parameters.IgnoreStandalonePods && found.Standalone ? "the pod is a standalone pod"
            : parameters.IgnoreDaemonSets && found.ControllerOf("DaemonSet") is { } daemons ? $"the pod belongs to the DaemonSet {OneLine.From(daemons.Name)}"
            : parameters.IgnoreStatefulSets && found.ControllerOf("StatefulSet") is { } stateful ? $"the pod belongs to the StatefulSet {OneLine.From(stateful.Name)}"
            : null;
        return spared is null ? null : new ActionOutcome.Ignored(spared, found.Objects);
    }

    private async Task<WriteTry> TryAsync(
        ActionRequest request, NamespaceName namespaceName, KubeName name, string uid, TerminateParameters parameters, bool again, CallScope scope)
    {
        // The deletion carries the uid: without replicas to count, the pod that was just read need not be read again.
        if (parameters.MinHealthyReplicas is null && !again)
        {
            return await DeleteAsync(request, namespaceName, name, uid, parameters, "", scope);
        }

        var answer = await pods.GetAsync(namespaceName, name, scope);
        if (!answer.TryGet(out var pod, out var error))
        {
            return new WriteTry.Ended(End(request, namespaceName, name, uid, error));
        }

        if (pod.Metadata.Uid != uid)
        {
            return new WriteTry.Ended(Replaced(request, namespaceName, name, uid));
        }

        var found = new PodTarget.Found(pod, namespaceName, name);
        if (Decide(request, found, parameters) is { } end)
        {
            return new WriteTry.Ended(end);
        }

        using var turn = await guard.TakeAsync(found, parameters.MinHealthyReplicas, scope);
        return turn.Check.End is { } refused
            ? new WriteTry.Ended(refused)
            : await DeleteAsync(request, namespaceName, name, uid, parameters, turn.Check.Note, turn.Scope);
    }

    private async Task<WriteTry> DeleteAsync(
        ActionRequest request, NamespaceName namespaceName, KubeName name, string uid, TerminateParameters parameters, string note, CallScope scope)
    {
        var result = await pods.DeleteAsync(namespaceName, name, uid, parameters.GracePeriodSeconds, scope);
        if (result.TryGet(out _, out var error))
        {
            return new WriteTry.Ended(new ActionOutcome.Succeeded(
                $"the pod {name} in the namespace {namespaceName} was terminated (uid {uid}){note}", KubeOutcomes.PodObjects(namespaceName, name)));
        }

        return error.Modified ? new WriteTry.Lost(error) : new WriteTry.Ended(End(request, namespaceName, name, uid, error));
    }
}
