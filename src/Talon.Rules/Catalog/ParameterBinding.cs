using System.Collections.Immutable;

namespace Talon.Rules.Catalog;

/// <summary>What came of holding parameters against a schema.</summary>
/// <param name="Parameters">The parameters under their documented names, without unknown ones and without those that say nothing.</param>
/// <param name="Problems">What is wrong with them, in the order of their names; empty when all is right.</param>
public sealed record ParameterBinding(ParameterMap Parameters, ImmutableArray<ParameterProblem> Problems);
