using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Commands.Exec;

/// <summary><c>kubernetes:exec</c> as the catalog lists it.</summary>
internal static class ExecModule
{
    public static ActionnerModule Module { get; } = new(
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:exec"),
            Description = "Runs a command in a container of the pod.",
            Sources = ["syscall", "k8s_audit"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = true,
            UsesContexts = true,
            Output = OutputUse.None,
            RepeatSafe = false,
            UidPrecondition = false,
            LongRunning = true,
            Destructive = false,
            FailsAtWillOfContainer = true,
            Parameters = ExecParameters.Schema,
            Example = ModuleResources.Read(typeof(ExecModule), "example.yaml"),
            Rbac = ModuleResources.Read(typeof(ExecModule), "rbac.yaml"),
        },
        ports => new ExecActionner(new ShellRun(
            new PodEntry(ports.Kubernetes.Pods, new PodResolver(ports.Kubernetes.Pods, ports.ProtectedNamespaces, ports.Clock)), ports.Kubernetes.Exec)));
}
