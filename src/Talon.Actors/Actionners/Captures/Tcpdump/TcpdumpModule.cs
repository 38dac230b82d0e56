using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Captures.Tcpdump;

/// <summary><c>kubernetes:tcpdump</c> as the catalog lists it.</summary>
internal static class TcpdumpModule
{
    public static ActionnerModule Module { get; } = new(
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:tcpdump"),
            Description = "Captures the network packets of the pod.",
            Sources = ["syscall"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = false,
            UsesContexts = false,
            Output = OutputUse.Required,
            RepeatSafe = false,
            UidPrecondition = false,
            LongRunning = true,
            Destructive = false,
            FailsAtWillOfContainer = true,
            Parameters = TcpdumpParameters.Schema,
            Example = ModuleResources.Read(typeof(TcpdumpModule), "example.yaml"),
            Rbac = ModuleResources.Read(typeof(TcpdumpModule), "rbac.yaml"),
        },
        ports =>
        {
            var pods = ports.Kubernetes.Pods;
            return new TcpdumpActionner(
                new PodEntry(pods, new PodResolver(pods, ports.ProtectedNamespaces, ports.Clock)),
                new DebugContainer(pods, ports.Guards, ports.Clock),
                new CaptureTool(ports.Kubernetes.Exec, ports.Clock));
        });
}
