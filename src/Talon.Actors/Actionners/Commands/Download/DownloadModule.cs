using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Commands.Download;

/// <summary><c>kubernetes:download</c> as the catalog lists it.</summary>
internal static class DownloadModule
{
    public static ActionnerModule Module { get; } = new(
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:download"),
            Description = "Fetches a file from a container of the pod.",
            Sources = ["syscall"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = true,
            UsesContexts = true,
            Output = OutputUse.Required,
            RepeatSafe = true,
            UidPrecondition = false,
            LongRunning = true,
            Destructive = false,
            FailsAtWillOfContainer = true,
            Parameters = DownloadParameters.Schema,
            Example = ModuleResources.Read(typeof(DownloadModule), "example.yaml"),
            Rbac = ModuleResources.Read(typeof(DownloadModule), "rbac.yaml"),
        },
        ports => new DownloadActionner(
            new PodEntry(ports.Kubernetes.Pods, new PodResolver(ports.Kubernetes.Pods, ports.ProtectedNamespaces, ports.Clock)), ports.Kubernetes.Exec));
}
