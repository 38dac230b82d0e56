using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Removal.Cordon;

/// <summary><c>kubernetes:cordon</c>: marks the node of the event's pod as unschedulable, by its uid.</summary>
internal sealed class CordonActionner(NodeCordon cordon, NodeResolver resolver) : IActionner
{
    public ActionnerDescriptor Descriptor => CordonModule.Module.Descriptor;

    /// <summary>None: it writes to the node, and the event alone does not say which that is.</summary>
    public string? ExclusionKey(FalcoEvent falcoEvent, PlannedAction action) => null;

    public TimeSpan DefaultTimeout(PlannedAction action) => TimeSpan.FromSeconds(30);

    public async Task<Preparation> PrepareAsync(ActionRequest request, CallScope scope)
    {
        var (_, problems) = Descriptor.Parameters.Bind(request.Action.Parameters);
        if (!problems.IsEmpty)
        {
            return new Preparation.Done(KubeOutcomes.Invalid(problems[0].Message));
        }

        return await resolver.ResolveAsync(request, scope) switch
        {
            NodeTarget.Stopped stopped => stopped.End,
            NodeTarget.Found { Cordoned: true } found => new Preparation.Done(request.EarlierTarget is null
                ? new ActionOutcome.Ignored(NodeCordon.Already(found.Name), found.Objects)
                : DoneEarlier(found.Name, found.Uid)),
            NodeTarget.Found found => new Preparation.Ready(found.Reference, $"cordon the node {found.Name} (uid {found.Uid})", found.Objects),
            var other => throw new InvalidOperationException($"no such node target: {other}"),
        };
    }

    public async Task<ActionOutcome> RunAsync(ActionRequest request, Preparation.Ready ready, CallScope scope)
    {
        if (ready.Target is not { } target || !KubeName.TryCreate(target.Name, out var name))
        {
            throw new InvalidOperationException("cordon was prepared without a node");
        }

        var (end, changed) = await cordon.RunAsync(request, name, target.Uid, scope);
        return end
            ?? (changed ? new ActionOutcome.Succeeded($"the node {name} was cordoned (uid {target.Uid})", ready.Objects)
                : request.EarlierTarget is not null ? DoneEarlier(name, target.Uid)
                : new ActionOutcome.Ignored(NodeCordon.Already(name), ready.Objects));
    }

    private static ActionOutcome.Succeeded DoneEarlier(KubeName name, string uid) =>
        new($"the node {name} was cordoned by an earlier attempt (uid {uid})", KubeOutcomes.NodeObjects(name));
}
