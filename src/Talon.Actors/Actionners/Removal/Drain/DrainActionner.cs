using System.Collections.Concurrent;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Removal.Drain;

/// <summary><c>kubernetes:drain</c>: cordons the node of the event's pod and evicts the pods that may go, each by its uid.</summary>
internal sealed class DrainActionner(
    IPods pods, INodes nodes, NodeResolver resolver, ReplicaGuard guard, ProtectedNamespaces protectedNamespaces, TimeProvider clock, ITalonLog log)
    : Actionner<DrainParameters>(DrainParameters.Read)
{
    public static ActionnerModule Module { get; } = new(
        typeof(DrainActionner),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:drain"),
            Description = "Cordons the node that the pod runs on and evicts its pods.",
            Sources = ["syscall", "k8s_audit"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = true,
            UsesContexts = false,
            Output = OutputUse.None,
            RepeatSafe = true,
            UidPrecondition = true,
            LongRunning = true,
            Destructive = true,
            Parameters = DrainParameters.Schema,
        },
        ports =>
        {
            var kubernetes = ports.Kubernetes;
            return new DrainActionner(
                kubernetes.Pods,
                kubernetes.Nodes,
                ports.NodeResolver,
                new ReplicaGuard(kubernetes.Pods, kubernetes.PodControllers, ports.Locks),
                ports.ProtectedNamespaces,
                ports.Clock,
                ports.Log);
        });

    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    // By uid: the nodes that this process drains now.
    private readonly ConcurrentDictionary<string, bool> _running = new(StringComparer.Ordinal);

    private readonly ConflictRetry _conflicts = new(clock);

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    /// <summary>None: it writes to the pods of a node, and a termination must not wait for all of them.</summary>
    protected override string? ExclusionKey(FalcoEvent falcoEvent, DrainParameters parameters) => null;

    protected override TimeSpan DefaultTimeout(DrainParameters parameters) =>
        ShortTimeout + (parameters.MaxWaitPeriod ?? TimeSpan.Zero);

    protected override async Task<Preparation> PrepareAsync(ActionRequest request, DrainParameters parameters, CallScope scope)
    {
        var target = await resolver.ResolveAsync(request, scope);
        if (target is not NodeTarget.Found found)
        {
            return ((NodeTarget.Stopped)target).End;
        }

        var listed = await pods.ListOnNodeAsync(found.Name, scope);
        if (!listed.TryGet(out var all, out var error))
        {
            return new Preparation.Done(KubeOutcomes.From(error, found.Objects));
        }

        var plan = DrainPlan.Of(all, parameters, protectedNamespaces);
        if (plan.Evict.IsEmpty && plan.Leaving.IsEmpty && (found.Cordoned || !parameters.Cordon))
        {
            string rest = (parameters.Cordon ? ", and it is cordoned" : "") + plan.Rest;
            return new Preparation.Done(request.EarlierTarget is null
                ? new ActionOutcome.Ignored($"there is no pod to evict on the node {found.Name}{rest}", found.Objects)
                : new ActionOutcome.Succeeded($"the node {found.Name} was drained by an earlier attempt: there is no pod left to evict{rest}", found.Objects));
        }

        string verb = parameters.Cordon ? "cordon and drain" : "drain";
        return new Preparation.Ready(
            found.Reference, $"{verb} the node {found.Name} (uid {found.Uid}): evict {DrainTally.Pods(plan.Evict.Length)}{plan.Rest}", found.Objects);
    }

    protected override async Task<ActionOutcome> RunAsync(ActionRequest request, DrainParameters parameters, Preparation.Ready ready, CallScope scope)
    {
        if (ready.Target is not { } target || !KubeName.TryCreate(target.Name, out var name))
        {
            throw new InvalidOperationException("drain was prepared without a node");
        }

        if (!_running.TryAdd(target.Uid, true))
        {
            return new ActionOutcome.Ignored($"a drain of the node {name} is already running", ready.Objects);
        }

        try
        {
            return await DrainAsync(request, name, target.Uid, parameters, scope);
        }
        finally
        {
            _running.TryRemove(target.Uid, out _);
        }
    }

    private async Task<ActionOutcome> DrainAsync(ActionRequest request, KubeName name, string uid, DrainParameters parameters, CallScope scope)
    {
        bool changed = request.EarlierTarget is not null;
        if (parameters.Cordon)
        {
            var (end, cordoned) = await new NodeCordon(nodes, _conflicts).RunAsync(request, name, uid, scope);
            if (end is not null)
            {
                return end;
            }

            changed |= cordoned;
        }

        // Listed after the cordon: what the scheduler put there until then is among them.
        var listed = await pods.ListOnNodeAsync(name, scope);
        if (!listed.TryGet(out var all, out var error))
        {
            var unlisted = KubeOutcomes.From(error, KubeOutcomes.NodeObjects(name));
            return changed ? KubeOutcomes.Written(unlisted) : unlisted;
        }

        var run = new DrainRun(pods, guard, _conflicts, clock, name, DrainPlan.Of(all, parameters, protectedNamespaces), parameters, scope);
        long lastLine = clock.GetTimestamp();
        bool finished = await run.RunAsync(tally =>
        {
            if (clock.GetElapsedTime(lastLine) >= BetweenLines)
            {
                lastLine = clock.GetTimestamp();
                log.Write(Line(request, name, tally));
            }
        });
        return run.Tally.End(finished, parameters.IgnoreErrors, changed);
    }

    private LogLine Line(ActionRequest request, KubeName name, DrainTally tally) => new("action")
    {
        Status = "in_progress",
        Rule = request.Rule,
        Action = request.Action.Name,
        Actionner = Descriptor.Name.ToString(),
        Category = Descriptor.Name.Category,
        Result = tally.Progress,
        TraceId = request.TraceId,
        EventKey = request.EventKey,
        Objects = KubeOutcomes.NodeObjects(name),
    };
}
