using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Policies;

/// <summary>What a pod belongs to: the Deployment, StatefulSet, DaemonSet, Job, … at the top of its controllers, or the pod itself.</summary>
/// <param name="PodLabels">The labels of its pods: those of its template, or of the pod itself.</param>
internal sealed record Workload(ResourceAddress Address, string Uid, PodSelection Selection, IReadOnlyDictionary<string, string> PodLabels)
{
    public NamespaceName Namespace => Address.Namespace!;

    public string Kind => Address.Type.Kind;

    public string Name => Address.Name.Value;

    public TargetRef Reference => new(Kind, Namespace.Value, Name, Uid);

    /// <inheritdoc/>
    public override string ToString() => $"the {Kind} {Name} in the namespace {Namespace}";
}
