using Talon.Rules.Plugins;

namespace Talon.Actors.Plugins;

/// <summary>One actionner as the catalog lists it.</summary>
/// <param name="Descriptor">What is known of it without any client.</param>
/// <param name="Create">Makes the actionner.</param>
public sealed record ActionnerModule(ActionnerDescriptor Descriptor, Func<ActionnerPorts, IActionner> Create);
