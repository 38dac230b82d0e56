using System.Collections.Immutable;
using k8s.Models;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Metadata;

/// <summary>
/// Changes one map of metadata, labels or annotations, on the pod of an event or on its node: one merge patch with the uid of the
/// object. Where the object already is as asked, nothing is written and the outcome says so; else the outcome names only what
/// changed.
/// </summary>
/// <param name="read">The map of an object; null when it has none.</param>
/// <param name="change">The change to a map, for an object of that uid.</param>
internal sealed class MetadataPatch(
    IPods pods,
    INodes nodes,
    PodResolver resolver,
    NodeResolver nodeResolver,
    MetadataPatch.Words words,
    Func<V1ObjectMeta, IDictionary<string, string>?> read,
    Func<string, ImmutableSortedDictionary<string, string?>, MetadataChange> change,
    ConflictRetry conflicts)
{
    private const int MaxListed = 20;

    /// <param name="Plural">What the map holds: <c>labels</c>.</param>
    /// <param name="Verb">What is done, in the infinitive: <c>label</c>.</param>
    /// <param name="Done">What was done: <c>labelled</c>.</param>
    public sealed record Words(string Plural, string Verb, string Done);

    /// <summary>
    /// The exclusion key of a change. The event does not say which node it is, and a termination of the pod must not wait for a change
    /// of its node: so a change of the node has a key of its own, by the pod.
    /// </summary>
    public static string? Key(FalcoEvent falcoEvent, MetadataLevel level)
    {
        string? pod = PodResolver.Key(falcoEvent);
        return pod is not null && level == MetadataLevel.Node ? $"node-of/{pod}" : pod;
    }

    public async Task<Preparation> PrepareAsync(
        ActionRequest request, MetadataLevel level, ImmutableSortedDictionary<string, string?> asked, CallScope scope)
    {
        if (level == MetadataLevel.Node)
        {
            return await nodeResolver.ResolveAsync(request, scope) switch
            {
                NodeTarget.Stopped stopped => stopped.End,
                NodeTarget.Found found => Prepare(request, found.Reference, found.Node.Metadata, asked, found.Objects),
                var other => throw new InvalidOperationException($"unexpected node target: {other}"),
            };
        }

        return await resolver.ResolveAsync(request, scope) switch
        {
            PodTarget.Found found => Prepare(request, found.Reference, found.Pod.Metadata, asked, found.Objects),
            PodTarget.Gone gone => new Preparation.Done(Gone(request, $"the pod {gone.Name} in the namespace {gone.Namespace}", gone.Objects)),
            var other => other.End!,
        };
    }

    public async Task<ActionOutcome> RunAsync(
        ActionRequest request, Preparation.Ready ready, ImmutableSortedDictionary<string, string?> asked, CallScope scope)
    {
        if (ready.Target is not { } target || !KubeName.TryCreate(target.Name, out var name))
        {
            throw new InvalidOperationException("a change of metadata was prepared without an object");
        }

        return await conflicts.RunAsync(Describe(target), ready.Objects, _ => TryAsync(request, ready, target, name, asked, scope), scope);
    }

    private static string Describe(TargetRef target) => target.Namespace is null
        ? $"the node {target.Name}"
        : $"the pod {target.Name} in the namespace {target.Namespace}";

    // An annotation may be long and have many lines; the outcome shows one line of each, and only the first of many.
    private static string List(ImmutableSortedDictionary<string, string?> asked) =>
        string.Join(", ", asked.Take(MaxListed).Select(entry => entry.Value is null ? $"{entry.Key} removed" : $"{entry.Key}={OneLine.From(entry.Value)}"))
        + (asked.Count > MaxListed ? $" and {asked.Count - MaxListed} more" : "");

    // What of the asked changes something.
    private static ImmutableSortedDictionary<string, string?> Changes(
        IDictionary<string, string>? now, ImmutableSortedDictionary<string, string?> asked) =>
        asked.RemoveRange(asked.Where(entry => (now is not null && now.TryGetValue(entry.Key, out string? value) ? value : null) == entry.Value)
            .Select(entry => entry.Key));

    private static NamespaceName Namespace(TargetRef target) => NamespaceName.TryCreate(target.Namespace, out var name)
        ? name
        : throw new InvalidOperationException($"the target {target} is not a pod");

    private async Task<(V1ObjectMeta? Metadata, KubeError? Error)> ReadAsync(TargetRef target, KubeName name, CallScope scope)
    {
        if (target.Kind == "Node")
        {
            return (await nodes.GetAsync(name, scope)).TryGet(out var node, out var nodeError) ? (node.Metadata, null) : (null, nodeError);
        }

        return (await pods.GetAsync(Namespace(target), name, scope)).TryGet(out var pod, out var error) ? (pod.Metadata, null) : (null, error);
    }

    private async Task<KubeError?> PatchAsync(TargetRef target, KubeName name, MetadataChange patch, CallScope scope)
    {
        KubeError? error;
        if (target.Kind == "Node")
        {
            (await nodes.PatchMetadataAsync(name, patch, scope)).TryGet(out _, out error);
        }
        else
        {
            (await pods.PatchMetadataAsync(Namespace(target), name, patch, scope)).TryGet(out _, out error);
        }

        return error;
    }

    private async Task<WriteTry> TryAsync(
        ActionRequest request, Preparation.Ready ready, TargetRef target, KubeName name, ImmutableSortedDictionary<string, string?> asked, CallScope scope)
    {
        var (metadata, error) = await ReadAsync(target, name, scope);
        if (metadata is null)
        {
            return new WriteTry.Ended(End(request, target, error!, ready.Objects));
        }

        if (metadata.Uid != target.Uid)
        {
            return new WriteTry.Ended(Replaced(target, ready.Objects));
        }

        var changes = Changes(read(metadata), asked);
        if (changes.IsEmpty)
        {
            return new WriteTry.Ended(AsAsked(request, target, asked, ready.Objects));
        }

        // The patch has all that was asked, so it also corrects what has changed since the read.
        error = await PatchAsync(target, name, change(target.Uid, asked), scope);
        return error is null ? new WriteTry.Ended(new ActionOutcome.Succeeded($"{Describe(target)} was {words.Done}: {List(changes)} (uid {target.Uid})", ready.Objects))
            : error.Modified ? new WriteTry.Lost(error)
            : new WriteTry.Ended(End(request, target, error, ready.Objects));
    }

    private static ActionOutcome.Ignored Replaced(TargetRef target, ImmutableSortedDictionary<string, string> objects) =>
        new($"{target.Kind.ToLowerInvariant()} was replaced since the event", objects);

    private ActionOutcome End(ActionRequest request, TargetRef target, KubeError error, ImmutableSortedDictionary<string, string> objects) => error switch
    {
        { Replaced: true } => Replaced(target, objects),
        { Kind: FailureKind.NotFound } => Gone(request, Describe(target), objects),
        _ => KubeOutcomes.From(error, objects),
    };

    private ActionOutcome AsAsked(
        ActionRequest request, TargetRef target, ImmutableSortedDictionary<string, string?> asked, ImmutableSortedDictionary<string, string> objects) =>
        request.EarlierTarget is not null
            ? new ActionOutcome.Succeeded($"{Describe(target)} was {words.Done} by an earlier attempt: {List(asked)} (uid {target.Uid})", objects)
            : new ActionOutcome.Ignored($"{words.Plural} {(asked.Values.Any(value => value is not null) ? "already set" : "not there to be removed")}", objects);

    private ActionOutcome Gone(ActionRequest request, string what, ImmutableSortedDictionary<string, string> objects) =>
        request.EarlierTarget is null
            ? new ActionOutcome.Failed(FailureKind.NotFound, $"{what} does not exist", objects)
            : new ActionOutcome.Ignored($"{what} is gone; whether an earlier attempt had {words.Done} it is not known", objects);

    private Preparation Prepare(
        ActionRequest request,
        TargetRef target,
        V1ObjectMeta metadata,
        ImmutableSortedDictionary<string, string?> asked,
        ImmutableSortedDictionary<string, string> objects)
    {
        var changes = Changes(read(metadata), asked);
        return changes.IsEmpty
            ? new Preparation.Done(AsAsked(request, target, asked, objects))
            : new Preparation.Ready(target, $"{words.Verb} {Describe(target)} (uid {target.Uid}): {List(changes)}", objects);
    }
}
