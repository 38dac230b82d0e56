using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Targets;

/// <summary>One actionner as the catalog lists it.</summary>
/// <param name="Create">Makes the actionner; null while its running part is not built.</param>
internal sealed record ActionnerModule(ActionnerDescriptor Descriptor, Func<ActionnerPorts, IActionner>? Create)
{
    /// <summary>
    /// Adds its <c>example.yaml</c> and <c>rbac.yaml</c> to the descriptor, from the folder that the namespace of <paramref name="plugIn"/>
    /// mirrors.
    /// </summary>
    internal ActionnerModule(Type plugIn, ActionnerDescriptor descriptor, Func<ActionnerPorts, IActionner>? create)
        : this(descriptor with { Example = ModuleResources.Example(plugIn), Rbac = ModuleResources.Rbac(plugIn) }, create)
    {
    }

    /// <summary>What is known of it before it runs, and whether it can be made.</summary>
    public ActionnerDescriptor Descriptor { get; } = Descriptor with { IsBuilt = Create is not null };
}
