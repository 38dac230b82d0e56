using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Policies;

/// <summary>
/// Puts a network policy around the workload of the pod of an event. The journal has the workload, not the pod: when the pod is gone by
/// the time of the write, or of a repeat, the other pods still have to be isolated.
/// </summary>
internal sealed class EgressPolicy(PodResolver resolver, WorkloadReader workloads, PolicyWriter writer)
{
    public async Task<Preparation> PrepareAsync(ActionRequest request, IPolicyForm form, CallScope scope)
    {
        var (workload, objects, stop) = request.EarlierTarget is { } earlier
            ? await AgainAsync(earlier, scope)
            : await FindAsync(request, scope);
        if (workload is null)
        {
            return stop!;
        }

        var comparison = await writer.CompareAsync(form, workload, scope);
        objects = objects.Add(form.ObjectKey, comparison.Address.Name.Value);
        return comparison switch
        {
            PolicyWriter.Comparison.Stopped stopped => new Preparation.Done(stopped.Outcome(objects)),
            PolicyWriter.Comparison.AsAsked asAsked => new Preparation.Done(asAsked.Outcome(request, objects)),
            PolicyWriter.Comparison.ToWrite toWrite => new Preparation.Ready(workload.Reference, toWrite.Intent, objects),
            var other => throw new InvalidOperationException($"unexpected comparison of a policy: {other}"),
        };
    }

    public async Task<ActionOutcome> RunAsync(ActionRequest request, Preparation.Ready ready, IPolicyForm form, CallScope scope)
    {
        if (ready.Target is not { } target)
        {
            throw new InvalidOperationException("a policy was prepared without a workload");
        }

        var (workload, stop) = await workloads.ReadAsync(target, scope);
        return workload is not null ? await writer.WriteAsync(request, form, workload, ready.Objects, scope)
            : stop is ActionOutcome.Failed failed ? failed with { Objects = ready.Objects }
            : stop ?? new ActionOutcome.Failed(
                FailureKind.NotFound, $"the {target.Kind} {target.Name} in the namespace {target.Namespace} is gone: there is nothing left to hold", ready.Objects);
    }

    private async Task<(Workload? Workload, ImmutableSortedDictionary<string, string> Objects, Preparation? Stop)> AgainAsync(
        TargetRef earlier, CallScope scope)
    {
        var (workload, stop) = await workloads.ReadAsync(earlier, scope);
        var objects = KubeOutcomes.NoObjects.Add("namespace", earlier.Namespace ?? "");
        return workload is not null
            ? (workload, objects, null)
            : (null, objects, new Preparation.Done(stop ?? new ActionOutcome.Ignored(
                $"the {earlier.Kind} {earlier.Name} in the namespace {earlier.Namespace} is gone; whether an earlier attempt had written its policy is not known", objects)));
    }

    private async Task<(Workload? Workload, ImmutableSortedDictionary<string, string> Objects, Preparation? Stop)> FindAsync(
        ActionRequest request, CallScope scope)
    {
        var target = await resolver.ResolveAsync(request, scope);
        if (target is not PodTarget.Found found)
        {
            return (null, KubeOutcomes.NoObjects, target.End);
        }

        var (workload, stop) = await workloads.OfPodAsync(found, scope);
        return workload is not null
            ? (workload, found.Objects, null)
            : (null, found.Objects, new Preparation.Done(stop is ActionOutcome.Failed failed ? failed with { Objects = found.Objects } : stop!));
    }
}
