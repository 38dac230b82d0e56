using Talon.Rules.Catalog;
using Talon.Rules.Planning;

namespace Talon.Rules.Loading.Compiling;

/// <summary>A valid action, before the actions of its rule are put in order.</summary>
internal sealed record CompiledAction(PlannedAction Planned, bool Continues, ActionnerDescriptor Descriptor);
