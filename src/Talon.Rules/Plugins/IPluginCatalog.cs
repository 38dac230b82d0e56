using System.Collections.Immutable;
using Talon.Rules.Model;

namespace Talon.Rules.Plugins;

/// <summary>The port through which the rules ask which actionners exist and what parameters they take.</summary>
public interface IPluginCatalog
{
    /// <summary>All actionners, in the order in which they are listed to users.</summary>
    ImmutableArray<ActionnerDescriptor> Actionners { get; }

    /// <summary>The actionner of that name, or null.</summary>
    /// <param name="name">The full name.</param>
    ActionnerDescriptor? FindActionner(ActionnerName name);
}
