using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Removal.Delete;

/// <summary><c>kubernetes:delete</c> as the catalog lists it.</summary>
internal static class DeleteModule
{
    public static ActionnerModule Module { get; } = new(
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:delete"),
            Description = "Deletes the Kubernetes object that an audit event is about.",
            Sources = ["k8s_audit"],
            RequiredFields = ["ka.target.resource", "ka.target.name", "ka.target.namespace"],
            ContinueByDefault = false,
            UsesContexts = false,
            Output = OutputUse.None,
            RepeatSafe = true,
            UidPrecondition = true,
            LongRunning = false,
            Destructive = true,
            Parameters = ParameterSchema.None,
            Example = ModuleResources.Read(typeof(DeleteModule), "example.yaml"),
            Rbac = ModuleResources.Read(typeof(DeleteModule), "rbac.yaml"),
        },
        ports => new DeleteActionner(ports.Kubernetes.Resources, new DeleteProtection(ports.ProtectedNamespaces), new ConflictRetry(ports.Clock)));
}
