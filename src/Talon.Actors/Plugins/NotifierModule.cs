using Talon.Rules.Catalog;

namespace Talon.Actors.Plugins;

/// <summary>One notifier as the catalog lists it.</summary>
/// <param name="Descriptor">What is known of it without any client.</param>
/// <param name="Create">Makes the notifier of its settings as written in the configuration, already checked; null while its running part is not built.</param>
public sealed record NotifierModule(NotifierDescriptor Descriptor, Func<PluginPorts, ParameterMap, INotifier>? Create)
{
    /// <summary>One whose files stand in the folder of a type.</summary>
    /// <param name="plugIn">The type; its namespace mirrors the folder.</param>
    /// <param name="descriptor">What is known of it, without what those files say.</param>
    /// <param name="create">Makes the notifier; null while its running part is not built.</param>
    internal NotifierModule(Type plugIn, NotifierDescriptor descriptor, Func<PluginPorts, ParameterMap, INotifier>? create)
        : this(descriptor with { Example = ModuleResources.Example(plugIn), Permissions = ModuleResources.Rbac(plugIn) is { Length: > 0 } rbac ? rbac : descriptor.Permissions }, create)
    {
    }

    /// <summary>What is known of it without any client, and whether it can be made.</summary>
    public NotifierDescriptor Descriptor { get; } = Descriptor with { IsBuilt = Create is not null };
}
