using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Removal;

/// <summary>Marks a node as unschedulable, by its uid; sends nothing when it already is.</summary>
internal sealed class NodeCordon(INodes nodes, ConflictRetry conflicts)
{
    public static string Already(KubeName name) => $"the node {name} is already cordoned";

    /// <summary>Cordons the node. Null when it is cordoned now, and whether this call did it; else how the action ends.</summary>
    public async Task<(ActionOutcome? End, bool Changed)> RunAsync(ActionRequest request, KubeName name, string uid, CallScope scope)
    {
        var objects = KubeOutcomes.NodeObjects(name);
        bool changed = false;
        ActionOutcome.Succeeded cordoned = new("", objects);
        var end = await conflicts.RunAsync(
            $"the node {name}",
            objects,
            async again =>
            {
                var read = await nodes.GetAsync(name, scope);
                if (!read.TryGet(out var node, out var error))
                {
                    return new WriteTry.Ended(End(request, name, error));
                }

                if (node.Metadata.Uid != uid)
                {
                    return new WriteTry.Ended(Replaced(name));
                }

                if (node.Spec?.Unschedulable == true)
                {
                    return new WriteTry.Ended(cordoned);
                }

                var patched = await nodes.CordonAsync(name, uid, scope);
                changed = patched.TryGet(out _, out error);
                return changed ? new WriteTry.Ended(cordoned)
                    : error!.Modified ? new WriteTry.Lost(error)
                    : new WriteTry.Ended(End(request, name, error));
            },
            scope);
        return (ReferenceEquals(end, cordoned) ? null : end, changed);
    }

    private static ActionOutcome.Ignored Replaced(KubeName name) => new($"the node {name} was replaced since the event", KubeOutcomes.NodeObjects(name));

    private static ActionOutcome End(ActionRequest request, KubeName name, KubeError error) => error switch
    {
        { Replaced: true } => Replaced(name),
        { Kind: FailureKind.NotFound } => NodeResolver.Gone(request, name),
        _ => KubeOutcomes.From(error, KubeOutcomes.NodeObjects(name)),
    };
}
