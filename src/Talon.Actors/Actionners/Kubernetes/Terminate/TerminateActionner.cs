using k8s.Models;
using Talon.Actors.Actionners.Shared;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Kubernetes.Terminate;

/// <summary><c>kubernetes:terminate</c>: deletes the pod of the event, by its uid.</summary>
internal sealed class TerminateActionner(IPods pods, PodResolver resolver, ReplicaGuard guard) : IActionner
{
    public ActionnerDescriptor Descriptor => TerminateModule.Module.Descriptor;

    public string? ExclusionKey(FalcoEvent falcoEvent, PlannedAction action) => PodResolver.Key(falcoEvent);

    public TimeSpan DefaultTimeout(PlannedAction action) => TimeSpan.FromSeconds(30);

    public async Task<Preparation> PrepareAsync(ActionRequest request, CallScope scope)
    {
        var (parameters, problems) = TerminateParameters.Read(request.Action.Parameters);
        if (!problems.IsEmpty)
        {
            return new Preparation.Done(KubeOutcomes.Invalid(problems[0].Message));
        }

        bool repeated = request.EarlierTarget is not null;
        switch (await resolver.ResolveAsync(request, scope))
        {
            case PodTarget.Gone gone when repeated:
                return new Preparation.Done(DoneEarlier(gone.Namespace, gone.Name, request.EarlierTarget!.Uid));
            case PodTarget.Gone gone:
                return new Preparation.Done(new ActionOutcome.Ignored("already gone", gone.Objects));
            case PodTarget.Replaced replaced when repeated:
                return new Preparation.Done(DoneEarlier(replaced.Namespace, replaced.Name, request.EarlierTarget!.Uid));
            // Where the running grace period is longer than the asked one, no earlier attempt of ours took effect.
            case PodTarget.Found { Terminating: true } found when !AsksForShorterGrace(parameters, found.Pod):
                return new Preparation.Done(repeated
                    ? DoneEarlier(found.Namespace, found.Name, found.Uid)
                    : new ActionOutcome.Ignored("terminating", found.Objects));
            case PodTarget.Found found:
                return await CheckAsync(found, parameters, scope) is { } end
                    ? new Preparation.Done(end)
                    : new Preparation.Ready(found.Reference, Intent(found, parameters), found.Objects);
            case var other:
                return other.End!;
        }
    }

    public async Task<ActionOutcome> RunAsync(ActionRequest request, Preparation.Ready ready, CallScope scope)
    {
        var (parameters, _) = TerminateParameters.Read(request.Action.Parameters);
        if (ready.Target is not { } target
            || !NamespaceName.TryCreate(target.Namespace, out var namespaceName) || !KubeName.TryCreate(target.Name, out var name))
        {
            throw new InvalidOperationException("terminate was prepared without a pod");
        }

        if (parameters.MinHealthyReplicas is not { } threshold)
        {
            return await DeleteAsync(request, namespaceName, name, target.Uid, parameters, scope);
        }

        // Read again: since the preparation other pods of the set may have gone, and this one may have lost its owner.
        var answer = await pods.GetAsync(namespaceName, name, scope);
        if (!answer.TryGet(out var pod, out var error))
        {
            return End(request, namespaceName, name, target.Uid, error);
        }

        if (pod.Metadata.Uid != target.Uid)
        {
            return Replaced(request, namespaceName, name, target.Uid);
        }

        var found = new PodTarget.Found(pod, namespaceName, name);
        if (found.ControllerOf("ReplicaSet") is not { } owner)
        {
            return await DeleteAsync(request, namespaceName, name, target.Uid, parameters, scope);
        }

        using var turn = await guard.TakeTurnAsync(owner, scope);
        if (turn is null)
        {
            return new ActionOutcome.Failed(FailureKind.NotSent, "no turn to count the healthy pods before the deadline", found.Objects);
        }

        return await guard.CheckAsync(found, owner, threshold, turn.Scope)
            ?? await DeleteAsync(request, namespaceName, name, target.Uid, parameters, turn.Scope);
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

    private async Task<ActionOutcome?> CheckAsync(PodTarget.Found found, TerminateParameters parameters, CallScope scope)
    {
        if (MirrorPods.Is(found.Pod))
        {
            return new ActionOutcome.Failed(FailureKind.Invalid, $"the pod {found.Name} in the namespace {found.Namespace} {MirrorPods.Reason}", found.Objects);
        }

        string? spared =
            parameters.IgnoreStandalonePods && found.Standalone ? "the pod is a standalone pod"
            : parameters.IgnoreDaemonSets && found.ControllerOf("DaemonSet") is { } daemons ? $"the pod belongs to the DaemonSet {OneLine.From(daemons.Name)}"
            : parameters.IgnoreStatefulSets && found.ControllerOf("StatefulSet") is { } stateful ? $"the pod belongs to the StatefulSet {OneLine.From(stateful.Name)}"
            : null;
        if (spared is not null)
        {
            return new ActionOutcome.Ignored(spared, found.Objects);
        }

        return found.ControllerOf("ReplicaSet") is { } set && parameters.MinHealthyReplicas is { } threshold
            ? await guard.CheckAsync(found, set, threshold, scope)
            : null;
    }

    private async Task<ActionOutcome> DeleteAsync(
        ActionRequest request, NamespaceName namespaceName, KubeName name, string uid, TerminateParameters parameters, CallScope scope)
    {
        var result = await pods.DeleteAsync(namespaceName, name, uid, parameters.GracePeriodSeconds, scope);
        return result.TryGet(out _, out var error)
            ? new ActionOutcome.Succeeded(
                $"the pod {name} in the namespace {namespaceName} was terminated (uid {uid})", KubeOutcomes.PodObjects(namespaceName, name))
            : End(request, namespaceName, name, uid, error);
    }
}
