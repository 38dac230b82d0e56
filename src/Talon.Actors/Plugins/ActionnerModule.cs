using Talon.Rules.Catalog;

namespace Talon.Actors.Plugins;

/// <summary>One actionner as the catalog lists it.</summary>
/// <param name="Descriptor">What is known of it without any client.</param>
/// <param name="Create">Makes the actionner; null while its running part is not built.</param>
public sealed record ActionnerModule(ActionnerDescriptor Descriptor, Func<PluginPorts, IActionner>? Create)
{
    /// <summary>One whose files stand in the folder of a type.</summary>
    /// <param name="plugIn">The type; its namespace mirrors the folder.</param>
    /// <param name="descriptor">What is known of it, without what those files say.</param>
    /// <param name="create">Makes the actionner; null while its running part is not built.</param>
    internal ActionnerModule(Type plugIn, ActionnerDescriptor descriptor, Func<PluginPorts, IActionner>? create)
        : this(descriptor with { Example = ModuleResources.Example(plugIn), Rbac = ModuleResources.Rbac(plugIn) }, create)
    {
    }

    /// <summary>What is known of it without any client, and whether it can be made.</summary>
    public ActionnerDescriptor Descriptor { get; } = Descriptor with { IsBuilt = Create is not null };
}
