using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Captures.Sysdig;

/// <summary><c>kubernetes:sysdig</c> as the catalog lists it.</summary>
internal static class SysdigModule
{
    public static ActionnerModule Module { get; } = new(
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:sysdig"),
            Description = "Captures the system calls of the pod or of its whole node.",
            Sources = ["syscall", "k8s_audit"],
            RequiredFields = ["k8s.ns.name or ka.target.namespace", "k8s.pod.name or ka.target.pod.name or ka.target.name"],
            ContinueByDefault = false,
            UsesContexts = false,
            Output = OutputUse.Required,
            RepeatSafe = false,
            UidPrecondition = false,
            LongRunning = true,
            Destructive = false,
            FailsAtWillOfContainer = true,
            Parameters = SysdigParameters.Schema,
            Example = ModuleResources.Read(typeof(SysdigModule), "example.yaml"),
            Rbac = ModuleResources.Read(typeof(SysdigModule), "rbac.yaml"),
        },
        ports =>
        {
            var kubernetes = ports.Kubernetes;
            return new SysdigActionner(
                new PodEntry(kubernetes.Pods, new PodResolver(kubernetes.Pods, ports.ProtectedNamespaces, ports.Clock)),
                new CaptureJob(kubernetes.Jobs, kubernetes.Pods, ports.Clock),
                new CaptureTool(kubernetes.Exec, ports.Clock),
                ports.ProtectedNamespaces);
        });
}
