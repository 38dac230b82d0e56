using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Outputs;

/// <summary>One output as the catalog lists it.</summary>
/// <param name="Create">Makes the output; null while its running part is not built.</param>
internal sealed record OutputModule(OutputDescriptor Descriptor, Func<OutputPorts, IOutput>? Create)
{
    /// <summary>
    /// Adds its <c>example.yaml</c> to the descriptor, from the folder that the namespace of <paramref name="plugIn"/> mirrors.
    /// </summary>
    internal OutputModule(Type plugIn, OutputDescriptor descriptor, Func<OutputPorts, IOutput>? create)
        : this(descriptor with { Example = ModuleResources.Example(plugIn) }, create)
    {
    }

    /// <summary>What is known of it before it runs, and whether it can be made.</summary>
    public OutputDescriptor Descriptor { get; } = Descriptor with { IsBuilt = Create is not null };
}
