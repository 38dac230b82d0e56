using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Commands.Log;

/// <summary><c>kubernetes:log</c> as the catalog lists it.</summary>
internal static class LogModule
{
    public static ActionnerModule Module { get; } = new(
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:log"),
            Description = "Fetches the last log lines of the pod.",
            Sources = ["syscall", "k8s_audit"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = true,
            UsesContexts = false,
            Output = OutputUse.Allowed,
            RepeatSafe = true,
            UidPrecondition = false,
            LongRunning = true,
            Destructive = false,
            FailsAtWillOfContainer = true,
            Parameters = LogParameters.Schema,
            Example = ModuleResources.Read(typeof(LogModule), "example.yaml"),
            Rbac = ModuleResources.Read(typeof(LogModule), "rbac.yaml"),
        },
        ports => new LogActionner(
            new PodEntry(ports.Kubernetes.Pods, new PodResolver(ports.Kubernetes.Pods, ports.ProtectedNamespaces, ports.Clock)), ports.Kubernetes.Logs));
}
