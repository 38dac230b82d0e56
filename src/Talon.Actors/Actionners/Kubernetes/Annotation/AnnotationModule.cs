using Talon.Actors.Plugins;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Kubernetes.Annotation;

/// <summary><c>kubernetes:annotation</c> as the catalog lists it.</summary>
internal static class AnnotationModule
{
    public static ActionnerModule Module { get; } = new(
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:annotation"),
            Description = "Adds, changes and removes annotations of the pod or of its node.",
            Sources = ["syscall", "k8s_audit"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = true,
            UsesContexts = false,
            Output = OutputUse.None,
            RepeatSafe = true,
            UidPrecondition = true,
            LongRunning = false,
            Destructive = false,
            Parameters = AnnotationParameters.Schema,
            Example = ModuleResources.Read(typeof(AnnotationModule), "example.yaml"),
            Rbac = ModuleResources.Read(typeof(AnnotationModule), "rbac.yaml"),
        },
        Create: null);
}
