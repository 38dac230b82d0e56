using System.Collections.Immutable;
using k8s.Models;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Shared;

/// <summary>What became of the question which pod an event is about: a closed set.</summary>
internal abstract record PodTarget
{
    private PodTarget()
    {
    }

    /// <summary>The pod, just read, and it is the one of the event.</summary>
    public sealed record Found(V1Pod Pod, NamespaceName Namespace, KubeName Name) : PodTarget
    {
        public string Uid => Pod.Metadata.Uid;

        public bool Terminating => Pod.Metadata.DeletionTimestamp is not null;

        public ImmutableSortedDictionary<string, string> Objects => KubeOutcomes.PodObjects(Namespace, Name);

        public TargetRef Reference => new("Pod", Namespace.Value, Name.Value, Uid);

        /// <summary>The reference of the controller, else the first: what keeps the pod alive. Null for a standalone pod.</summary>
        public V1OwnerReference? Owner =>
            Pod.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true) ?? Pod.Metadata.OwnerReferences?.FirstOrDefault();
    }

    /// <summary>No pod has the name.</summary>
    public sealed record Gone(NamespaceName Namespace, KubeName Name) : PodTarget
    {
        public ImmutableSortedDictionary<string, string> Objects => KubeOutcomes.PodObjects(Namespace, Name);
    }

    /// <summary>Another pod has the name.</summary>
    public sealed record Replaced(NamespaceName Namespace, KubeName Name, string Reason) : PodTarget
    {
        public ImmutableSortedDictionary<string, string> Objects => KubeOutcomes.PodObjects(Namespace, Name);
    }

    /// <summary>The action ends here.</summary>
    public sealed record Stopped(ActionOutcome Outcome) : PodTarget;
}
