using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Actors.Plugins;

/// <summary>One notifier as the catalog lists it.</summary>
/// <param name="Descriptor">What is known of it without any client.</param>
/// <param name="Create">Makes the notifier of its settings as written in the configuration, already checked; null while its running part is not built.</param>
public sealed record NotifierModule(NotifierDescriptor Descriptor, Func<ActionnerPorts, ParameterMap, INotifier>? Create)
{
    /// <summary>What is known of it without any client, and whether it can be made.</summary>
    public NotifierDescriptor Descriptor { get; } = Descriptor with { IsBuilt = Create is not null };
}
