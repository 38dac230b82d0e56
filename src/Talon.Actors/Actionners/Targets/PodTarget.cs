using System.Collections.Immutable;
using k8s.Models;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Targets;

/// <summary>How the search for the pod of an event ended: a closed set.</summary>
internal abstract record PodTarget
{
    private PodTarget()
    {
    }

    /// <summary>How the preparation ends for an action that needs the pod and does not have it; null when it has.</summary>
    public Preparation? End => this switch
    {
        Found => null,
        Gone gone => new Preparation.Done(gone.Outcome),
        Replaced replaced => new Preparation.Done(replaced.Outcome),
        NotYet notYet => new Preparation.Later(notYet.Reason),
        Stopped stopped => new Preparation.Done(stopped.Outcome),
        var other => throw new InvalidOperationException($"unexpected pod target: {other}"),
    };

    /// <summary>The pod of the event, just read.</summary>
    public sealed record Found(V1Pod Pod, NamespaceName Namespace, KubeName Name) : PodTarget
    {
        public string Uid => Pod.Metadata.Uid;

        public bool Terminating => Pod.Metadata.DeletionTimestamp is not null;

        public ImmutableSortedDictionary<string, string> Objects => KubeOutcomes.PodObjects(Namespace, Name);

        public TargetRef Reference => new("Pod", Namespace.Value, Name.Value, Uid);

        /// <summary>Whether it has no owner reference.</summary>
        public bool Standalone => Pod.Metadata.OwnerReferences is not { Count: > 0 };

        /// <summary>
        /// The reference of the controller where that is a workload of this kind; null otherwise. Whoever makes a pod writes its owners,
        /// so only a controller of the group <c>apps</c> can spare a pod: there the controllers and the garbage collector remove false
        /// references.
        /// </summary>
        /// <param name="kind"><c>ReplicaSet</c>, <c>DaemonSet</c> or <c>StatefulSet</c>.</param>
        public V1OwnerReference? ControllerOf(string kind) => Pod.Metadata.OwnerReferences?.FirstOrDefault(owner =>
            owner.Controller == true && owner.Kind == kind && owner.ApiVersion?.StartsWith("apps/", StringComparison.Ordinal) == true);
    }

    /// <summary>No pod has the name.</summary>
    public sealed record Gone(NamespaceName Namespace, KubeName Name) : PodTarget
    {
        public ImmutableSortedDictionary<string, string> Objects => KubeOutcomes.PodObjects(Namespace, Name);

        public ActionOutcome Outcome =>
            new ActionOutcome.Failed(FailureKind.NotFound, $"the pod {Name} in the namespace {Namespace} does not exist", Objects);
    }

    /// <summary>Another pod has the name.</summary>
    public sealed record Replaced(NamespaceName Namespace, KubeName Name, string Reason) : PodTarget
    {
        public ImmutableSortedDictionary<string, string> Objects => KubeOutcomes.PodObjects(Namespace, Name);

        public ActionOutcome Outcome => new ActionOutcome.Ignored($"pod was replaced since the event: {Reason}", Objects);
    }

    /// <summary>It will show in a moment whether it is the pod, or which one is: see <see cref="Preparation.Later"/>.</summary>
    public sealed record NotYet(string Reason) : PodTarget;

    /// <summary>The action ends here.</summary>
    public sealed record Stopped(ActionOutcome Outcome) : PodTarget;
}
