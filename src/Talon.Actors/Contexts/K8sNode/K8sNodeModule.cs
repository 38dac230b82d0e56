using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Contexts.K8sNode;

/// <summary>The context <c>k8snode</c> as the catalog lists it.</summary>
internal static class K8sNodeModule
{
    public static ContextModule Module { get; } = new(
        typeof(K8sNodeModule),
        new ContextDescriptor
        {
            Name = "k8snode",
            Description = "Name, type, role, region, zone and provider of the node that the pod runs on.",
            Keys = ["node.hostname", "node.instancetype", "node.role", "node.topology.region", "node.topology.zone", "node.spec.providerid"],
        },
        create: (ports, pods) => new K8sNodeContext(pods, new NodeCache(ports.Kubernetes.Nodes, ports.Clock)));
}
