using System.Collections.Immutable;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Targets;

/// <summary>Outcomes that several actionners of the Kubernetes category share.</summary>
internal static class KubeOutcomes
{
    public static ImmutableSortedDictionary<string, string> NoObjects { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public static ImmutableSortedDictionary<string, string> PodObjects(NamespaceName namespaceName, KubeName name) =>
        NoObjects.Add("namespace", namespaceName.Value).Add("pod", name.Value);

    public static ImmutableSortedDictionary<string, string> NodeObjects(KubeName name) => NoObjects.Add("node", name.Value);

    /// <summary>The outcome of a call that ended with an error: ignored when Talon itself refused it, a failure otherwise.</summary>
    public static ActionOutcome From(KubeError error, ImmutableSortedDictionary<string, string> objects) => error.ProtectedNamespace
        ? new ActionOutcome.Ignored(error.Message, objects)
        : new ActionOutcome.Failed(error.Kind, error.Message, objects, error.RetryAfter);

    /// <summary>The outcome of a failed read before anything was written: when the read may be retried, so may the action.</summary>
    public static ActionOutcome Unwritten(KubeError error, ImmutableSortedDictionary<string, string> objects) => From(
        error.Kind.MayHaveHappened() ? error with { Kind = FailureKind.NotSent } : error, objects);

    /// <summary>The outcome of an action that had written something: kinds that claim that nothing was done are replaced.</summary>
    public static ActionOutcome Written(ActionOutcome outcome) =>
        outcome is ActionOutcome.Failed failed && failed.Kind.ProvablyNotDone()
            ? failed with { Kind = FailureKind.ServerError }
            : outcome;

    public static ActionOutcome Invalid(string reason) => new ActionOutcome.Failed(FailureKind.Invalid, reason, NoObjects);
}
