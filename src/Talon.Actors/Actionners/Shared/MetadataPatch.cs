using System.Collections.Immutable;
using k8s.Models;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Shared;

/// <summary>
/// Changes one map of metadata, labels or annotations, on the pod of an event or on its node: one merge patch with the uid of the
/// object. Where the object already is as asked, nothing is written and the outcome says so.
/// </summary>
/// <param name="pods">Pods.</param>
/// <param name="nodes">Nodes.</param>
/// <param name="resolver">Finds the pod.</param>
/// <param name="nodeResolver">Finds its node.</param>
/// <param name="words">How messages name the map and the deed.</param>
/// <param name="read">The map of an object; null when it has none.</param>
/// <param name="change">The change to a map, for an object of that uid.</param>
internal sealed class MetadataPatch(
    IPods pods,
    INodes nodes,
    PodResolver resolver,
    NodeResolver nodeResolver,
    MetadataPatch.Words words,
    Func<V1ObjectMeta, IDictionary<string, string>?> read,
    Func<string, ImmutableSortedDictionary<string, string?>, MetadataChange> change)
{
    private const int MaxListed = 20;

    /// <param name="Plural">What the map holds: <c>labels</c>.</param>
    /// <param name="Verb">What is done, in the infinitive: <c>label</c>.</param>
    /// <param name="Done">What was done: <c>labelled</c>.</param>
    public sealed record Words(string Plural, string Verb, string Done);

    /// <summary>
    /// The exclusion key of a change. Which node it is stands not in the event, and neither may a termination of the pod wait for
    /// a change of its node: so the key of that is one of its own.
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
                var other => throw new InvalidOperationException($"no such node target: {other}"),
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

        var patch = change(target.Uid, asked);
        KubeError? error;
        if (target.Kind == "Node")
        {
            (await nodes.PatchMetadataAsync(name, patch, scope)).TryGet(out _, out error);
        }
        else if (NamespaceName.TryCreate(target.Namespace, out var namespaceName))
        {
            (await pods.PatchMetadataAsync(namespaceName, name, patch, scope)).TryGet(out _, out error);
        }
        else
        {
            throw new InvalidOperationException($"the target {target} is no pod");
        }

        return error switch
        {
            null => new ActionOutcome.Succeeded($"{Describe(target)} was {words.Done}: {List(asked)} (uid {target.Uid})", ready.Objects),
            { Replaced: true } => new ActionOutcome.Ignored($"{target.Kind.ToLowerInvariant()} was replaced since the event", ready.Objects),
            { Kind: FailureKind.NotFound } => Gone(request, Describe(target), ready.Objects),
            _ => KubeOutcomes.From(error, ready.Objects),
        };
    }

    private static string Describe(TargetRef target) => target.Namespace is null
        ? $"the node {target.Name}"
        : $"the pod {target.Name} in the namespace {target.Namespace}";

    // An annotation may be long and have many lines; what is told of it is one line, and of many entries the first ones.
    private static string List(ImmutableSortedDictionary<string, string?> asked) =>
        string.Join(", ", asked.Take(MaxListed).Select(entry => entry.Value is null ? $"{entry.Key} removed" : $"{entry.Key}={OneLine.From(entry.Value)}"))
        + (asked.Count > MaxListed ? $" and {asked.Count - MaxListed} more" : "");

    private static bool IsAsAsked(IDictionary<string, string>? now, ImmutableSortedDictionary<string, string?> asked) =>
        asked.All(entry => entry.Value is null
            ? now?.ContainsKey(entry.Key) != true
            : now is not null && now.TryGetValue(entry.Key, out string? value) && value == entry.Value);

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
        if (!IsAsAsked(read(metadata), asked))
        {
            return new Preparation.Ready(target, $"{words.Verb} {Describe(target)} (uid {target.Uid}): {List(asked)}", objects);
        }

        return new Preparation.Done(request.EarlierTarget is null
            ? new ActionOutcome.Ignored($"{words.Plural} already set", objects)
            : new ActionOutcome.Succeeded($"{Describe(target)} was {words.Done} by an earlier attempt: {List(asked)} (uid {target.Uid})", objects));
    }
}
