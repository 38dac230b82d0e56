using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Removal.Cordon;

/// <summary><c>kubernetes:cordon</c>: marks the node of the event's pod as unschedulable, by its uid.</summary>
internal sealed class CordonActionner(NodeCordon cordon, NodeResolver resolver) : Actionner<NoParameters>(NoParameters.Read)
{
    public static ActionnerModule Module { get; } = new(
        typeof(CordonActionner),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:cordon"),
            Description = "Marks the node of the pod as unschedulable: no new pod is put on it.",
            Sources = ["syscall", "k8s_audit"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = true,
            UsesContexts = false,
            Output = OutputUse.None,
            RepeatSafe = true,
            UidPrecondition = true,
            LongRunning = false,
            Destructive = true,
            Parameters = ParameterSchema.None,
        },
        ports => new CordonActionner(new NodeCordon(ports.Kubernetes.Nodes, ports.ConflictRetry), ports.NodeResolver));

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    /// <summary>None: it writes to the node, and the event alone does not tell which one.</summary>
    protected override string? ExclusionKey(FalcoEvent falcoEvent, NoParameters parameters) => null;

    protected override async Task<Preparation> PrepareAsync(ActionRequest request, NoParameters parameters, CallScope scope)
    {
        return await resolver.ResolveAsync(request, scope) switch
        {
            NodeTarget.Stopped stopped => stopped.End,
            NodeTarget.Found { Cordoned: true } found => new Preparation.Done(request.EarlierTarget is null
                ? new ActionOutcome.Ignored(NodeCordon.Already(found.Name), found.Objects)
                : DoneEarlier(found.Name, found.Uid)),
            NodeTarget.Found found => new Preparation.Ready(found.Reference, $"cordon the node {found.Name} (uid {found.Uid})", found.Objects),
            var other => throw new InvalidOperationException($"unexpected node target: {other}"),
        };
    }

    protected override async Task<ActionOutcome> RunAsync(ActionRequest request, NoParameters parameters, Preparation.Ready ready, CallScope scope)
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
