using Talon.Rules.Plugins;

namespace Talon.Actors.Plugins;

/// <summary>One additional context as the catalog lists it.</summary>
/// <param name="Descriptor">What is known of it without any client.</param>
/// <param name="Create">Makes the context; null while its running part is not built.</param>
public sealed record ContextModule(ContextDescriptor Descriptor, Func<ActionnerPorts, IContext>? Create)
{
    /// <summary>What is known of it without any client, and whether it can be made.</summary>
    public ContextDescriptor Descriptor { get; } = Descriptor with { IsBuilt = Create is not null };
}
