using System.Collections.Immutable;
using k8s.Models;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Targets;

/// <summary>How the search for the node of an event ended: a closed set.</summary>
internal abstract record NodeTarget
{
    private NodeTarget()
    {
    }

    /// <summary>The node, just read.</summary>
    public sealed record Found(V1Node Node, KubeName Name) : NodeTarget
    {
        public string Uid => Node.Metadata.Uid;

        public bool Cordoned => Node.Spec?.Unschedulable == true;

        public ImmutableSortedDictionary<string, string> Objects => KubeOutcomes.NodeObjects(Name);

        public TargetRef Reference => new("Node", null, Name.Value, Uid);
    }

    /// <summary>The node cannot be used, or not yet.</summary>
    public sealed record Stopped(Preparation End) : NodeTarget;
}
