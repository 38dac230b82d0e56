using Talon.Rules.Catalog;

namespace Talon.Actors.Plugins;

/// <summary>One additional context as the catalog lists it.</summary>
/// <param name="Descriptor">What is known of it without any client.</param>
/// <param name="Create">Makes the context; null while its running part is not built.</param>
public sealed record ContextModule(ContextDescriptor Descriptor, Func<PluginPorts, IContext>? Create)
{
    /// <summary>One whose files stand in the folder of a type.</summary>
    /// <param name="plugIn">The type; its namespace mirrors the folder.</param>
    /// <param name="descriptor">What is known of it, without what those files say.</param>
    /// <param name="create">Makes the context; null while its running part is not built.</param>
    internal ContextModule(Type plugIn, ContextDescriptor descriptor, Func<PluginPorts, IContext>? create)
        : this(descriptor with { Rbac = ModuleResources.Rbac(plugIn) }, create)
    {
    }

    /// <summary>What is known of it without any client, and whether it can be made.</summary>
    public ContextDescriptor Descriptor { get; } = Descriptor with { IsBuilt = Create is not null };
}
