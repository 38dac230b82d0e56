using System.Collections.Immutable;
using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Contexts.K8sNode;

/// <summary><c>k8snode</c>: what is known of the node that the pod of the event runs on.</summary>
internal sealed class K8sNodeContext(IEventPods pods, NodeCache nodes) : IContext
{
    public ContextDescriptor Descriptor => K8sNodeModule.Module.Descriptor;

    public async Task<ContextResult> LookUpAsync(ActionRequest request, CallScope scope)
    {
        return await pods.FindAsync(request, scope) switch
        {
            EventPod.Found found => await OfPodAsync(found.Pod, scope),
            EventPod.NotYet notYet => new ContextResult.Later(notYet.Reason),
            EventPod.Stopped stopped => new ContextResult.Failed(stopped.Outcome),
            var other => throw new InvalidOperationException($"no such pod of an event: {other}"),
        };
    }

    private async Task<ContextResult> OfPodAsync(V1Pod pod, CallScope scope)
    {
        var objects = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .Add("namespace", pod.Metadata.NamespaceProperty)
            .Add("pod", pod.Metadata.Name);
        if (!KubeName.TryCreate(pod.Spec?.NodeName, out var name))
        {
            return Failed(FailureKind.NotFound, "the pod has not been given a node", objects);
        }

        try
        {
            var (facts, error) = await nodes.GetAsync(name, scope);
            return facts is not null
                ? new ContextResult.Found(facts.Values)
                : Failed(error!.Kind, error.Message, objects.Add("node", name.Value), error.RetryAfter);
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return Failed(FailureKind.NotSent, $"did not read the node {name}: another call for it did not end before the deadline", objects);
        }
    }

    private static ContextResult.Failed Failed(
        FailureKind kind, string why, ImmutableSortedDictionary<string, string> objects, TimeSpan? retryAfter = null) =>
        new(new ActionOutcome.Failed(kind, $"the context k8snode cannot be had: {OneLine.From(why)}", objects, retryAfter));
}
