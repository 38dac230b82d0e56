using Talon.Rules.Catalog;

namespace Talon.Actors.Plugins;

/// <summary>One notifier as the catalog lists it.</summary>
/// <param name="Create">
/// Makes the notifier of its own settings as written in the configuration, already checked, with the texts of files in place; null while its
/// running part is not built.
/// </param>
internal sealed record NotifierModule(NotifierDescriptor Descriptor, Func<PluginPorts, ParameterMap, INotifier>? Create)
{
    /// <summary>
    /// Adds its <c>example.yaml</c> and <c>rbac.yaml</c> to the descriptor, from the folder that the namespace of <paramref name="plugIn"/>
    /// mirrors, and the settings that every notifier has.
    /// </summary>
    internal NotifierModule(Type plugIn, NotifierDescriptor descriptor, Func<PluginPorts, ParameterMap, INotifier>? create)
        : this(
            descriptor with
            {
                Example = ModuleResources.Example(plugIn),
                Permissions = ModuleResources.Rbac(plugIn) is { Length: > 0 } rbac ? rbac : descriptor.Permissions,
                Settings = SecretSettings.WithFiles(descriptor.Settings with { Specs = [.. descriptor.Settings.Specs, .. DeliverySettings.Specs] }),
            },
            create)
    {
    }

    /// <summary>What is known of it before it runs, and whether it can be made.</summary>
    public NotifierDescriptor Descriptor { get; } = Descriptor with { IsBuilt = Create is not null };

    /// <summary>Makes the notifier of all its settings, which are right.</summary>
    public ConfiguredNotifier? Make(PluginPorts ports, ParameterMap settings)
    {
        if (Create is null)
        {
            return null;
        }

        var (delivery, own) = DeliverySettings.Split(settings);
        return new ConfiguredNotifier(Create(ports, own), delivery);
    }
}
