using System.Collections.Immutable;

namespace Talon.Rules.Catalog;

/// <summary>The port through which the rules ask which plug-ins exist, what parameters they take, and whether this version can run them.</summary>
public interface IPluginCatalog
{
    /// <summary>All actionners, in the order in which they are listed to users.</summary>
    ImmutableArray<ActionnerDescriptor> Actionners { get; }

    /// <summary>All outputs, in the order in which they are listed to users.</summary>
    ImmutableArray<OutputDescriptor> Outputs { get; }

    /// <summary>All notifiers, in the order in which they are listed to users.</summary>
    ImmutableArray<NotifierDescriptor> Notifiers { get; }

    /// <summary>All additional contexts, in the order in which they are listed to users.</summary>
    ImmutableArray<ContextDescriptor> Contexts { get; }

    /// <summary>The actionner of that name, or null.</summary>
    ActionnerDescriptor? FindActionner(ActionnerName name);
}
