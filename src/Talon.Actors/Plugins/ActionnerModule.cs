using Talon.Rules.Plugins;

namespace Talon.Actors.Plugins;

/// <summary>One actionner as the catalog lists it.</summary>
/// <param name="Descriptor">What is known of it without any client.</param>
/// <param name="Create">Makes the actionner; null while its running part is not built.</param>
public sealed record ActionnerModule(ActionnerDescriptor Descriptor, Func<ActionnerPorts, IActionner>? Create)
{
    /// <summary>What is known of it without any client, and whether it can be made.</summary>
    public ActionnerDescriptor Descriptor { get; } = Descriptor with { IsBuilt = Create is not null };
}
