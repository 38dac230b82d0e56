using Talon.Rules.Planning;
using Talon.Rules.Plugins;

namespace Talon.Rules.Loading;

/// <summary>A valid action, before the actions of its rule are put in order.</summary>
internal sealed record CompiledAction(PlannedAction Planned, bool Continues, ActionnerDescriptor Descriptor);
