using Talon.Actors.Actionners.Shared;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Kubernetes.Cordon;

/// <summary><c>kubernetes:cordon</c>: marks the node of the event's pod as unschedulable, by its uid.</summary>
internal sealed class CordonActionner(INodes nodes, NodeResolver resolver) : IActionner
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
                ? new ActionOutcome.Ignored($"the node {found.Name} is already cordoned", found.Objects)
                : new ActionOutcome.Succeeded($"the node {found.Name} was cordoned by an earlier attempt (uid {found.Uid})", found.Objects)),
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

        var result = await nodes.CordonAsync(name, target.Uid, scope);
        return result.TryGet(out _, out var error)
            ? new ActionOutcome.Succeeded($"the node {name} was cordoned (uid {target.Uid})", ready.Objects)
            : error switch
            {
                { Replaced: true } => new ActionOutcome.Ignored($"the node {name} was replaced since the event", ready.Objects),
                { Kind: FailureKind.NotFound } => NodeResolver.Gone(request, name),
                _ => KubeOutcomes.From(error, ready.Objects),
            };
    }
}
