using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Targets;

/// <summary>
/// Finds the node that the pod of an event runs on. Only reads. The pod of a protected namespace may lead to its node; the caller has
/// to protect the pods there.
/// </summary>
internal sealed class NodeResolver(INodes nodes, PodResolver resolver)
{
    public async Task<NodeTarget> ResolveAsync(ActionRequest request, CallScope scope)
    {
        // A journalled node is used directly: the pod that led to it may no longer exist.
        if (request.EarlierTarget is { Kind: "Node" } earlier)
        {
            return KubeName.TryCreate(earlier.Name, out var known)
                ? await ReadAsync(request, known, scope)
                : throw new InvalidOperationException($"the journalled target {earlier} is not a node");
        }

        var target = await resolver.ResolveAsync(request, scope, PodUse.Read);
        if (target is not PodTarget.Found found)
        {
            return new NodeTarget.Stopped(target.End!);
        }

        return KubeName.TryCreate(found.Pod.Spec?.NodeName, out var name)
            ? await ReadAsync(request, name, scope)
            : Stopped(new ActionOutcome.Failed(
                FailureKind.NotFound, $"the pod {found.Name} in the namespace {found.Namespace} runs on no node", found.Objects));
    }

    /// <summary>The outcome for a node that is no longer there.</summary>
    public static ActionOutcome Gone(ActionRequest request, KubeName name) => request.EarlierTarget is null
        ? new ActionOutcome.Failed(FailureKind.NotFound, $"the node {name} does not exist", KubeOutcomes.NodeObjects(name))
        : new ActionOutcome.Ignored($"the node {name} is gone", KubeOutcomes.NodeObjects(name));

    private static NodeTarget.Stopped Stopped(ActionOutcome outcome) => new(new Preparation.Done(outcome));

    private async Task<NodeTarget> ReadAsync(ActionRequest request, KubeName name, CallScope scope)
    {
        var answer = await nodes.GetAsync(name, scope);
        if (!answer.TryGet(out var node, out var error))
        {
            return Stopped(
                error.Kind == FailureKind.NotFound ? Gone(request, name) : KubeOutcomes.From(error, KubeOutcomes.NodeObjects(name)));
        }

        return request.EarlierTarget is { } earlier && earlier.Uid != node.Metadata.Uid
            ? Stopped(new ActionOutcome.Ignored($"the node {name} was replaced since the event", KubeOutcomes.NodeObjects(name)))
            : new NodeTarget.Found(node, name);
    }
}
