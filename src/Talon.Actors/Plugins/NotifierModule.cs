using Talon.Rules.Catalog;

namespace Talon.Actors.Plugins;

/// <summary>One notifier as the catalog lists it.</summary>
/// <param name="Create">Makes the notifier of its settings as written in the configuration, already checked; null while its running part is not built.</param>
internal sealed record NotifierModule(NotifierDescriptor Descriptor, Func<PluginPorts, ParameterMap, INotifier>? Create)
{
    /// <summary>
    /// Adds its <c>example.yaml</c> and <c>rbac.yaml</c> to the descriptor, from the folder that the namespace of <paramref name="plugIn"/>
    /// mirrors.
    /// </summary>
    internal NotifierModule(Type plugIn, NotifierDescriptor descriptor, Func<PluginPorts, ParameterMap, INotifier>? create)
        : this(descriptor with { Example = ModuleResources.Example(plugIn), Permissions = ModuleResources.Rbac(plugIn) is { Length: > 0 } rbac ? rbac : descriptor.Permissions }, create)
    {
    }

    /// <summary>What is known of it before it runs, and whether it can be made.</summary>
    public NotifierDescriptor Descriptor { get; } = Descriptor with { IsBuilt = Create is not null };
}
