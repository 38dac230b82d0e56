using Talon.Rules.Catalog;

namespace Talon.Actors.Plugins;

/// <summary>One output as the catalog lists it.</summary>
/// <param name="Descriptor">What is known of it without any client.</param>
/// <param name="Create">Makes the output; null while its running part is not built.</param>
public sealed record OutputModule(OutputDescriptor Descriptor, Func<PluginPorts, IOutput>? Create)
{
    /// <summary>One whose files stand in the folder of a type.</summary>
    /// <param name="plugIn">The type; its namespace mirrors the folder.</param>
    /// <param name="descriptor">What is known of it, without what those files say.</param>
    /// <param name="create">Makes the output; null while its running part is not built.</param>
    internal OutputModule(Type plugIn, OutputDescriptor descriptor, Func<PluginPorts, IOutput>? create)
        : this(descriptor with { Example = ModuleResources.Example(plugIn) }, create)
    {
    }

    /// <summary>What is known of it without any client, and whether it can be made.</summary>
    public OutputDescriptor Descriptor { get; } = Descriptor with { IsBuilt = Create is not null };
}
