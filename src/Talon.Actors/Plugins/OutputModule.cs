using Talon.Rules.Plugins;

namespace Talon.Actors.Plugins;

/// <summary>One output as the catalog lists it.</summary>
/// <param name="Descriptor">What is known of it without any client.</param>
/// <param name="Create">Makes the output; null while its running part is not built.</param>
public sealed record OutputModule(OutputDescriptor Descriptor, Func<ActionnerPorts, IOutput>? Create)
{
    /// <summary>What is known of it without any client, and whether it can be made.</summary>
    public OutputDescriptor Descriptor { get; } = Descriptor with { IsBuilt = Create is not null };
}
