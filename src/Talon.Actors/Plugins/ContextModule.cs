using Talon.Rules.Catalog;

namespace Talon.Actors.Plugins;

/// <summary>One additional context as the catalog lists it.</summary>
/// <param name="Create">Makes the context; null while its running part is not built.</param>
internal sealed record ContextModule(ContextDescriptor Descriptor, Func<PluginPorts, IEventPods, IContext>? Create)
{
    /// <summary>
    /// Adds its <c>rbac.yaml</c> to the descriptor, from the folder that the namespace of <paramref name="plugIn"/> mirrors.
    /// </summary>
    internal ContextModule(Type plugIn, ContextDescriptor descriptor, Func<PluginPorts, IEventPods, IContext>? create)
        : this(descriptor with { Rbac = ModuleResources.Rbac(plugIn) }, create)
    {
    }

    /// <summary>What is known of it before it runs, and whether it can be made.</summary>
    public ContextDescriptor Descriptor { get; } = Descriptor with { IsBuilt = Create is not null };
}
