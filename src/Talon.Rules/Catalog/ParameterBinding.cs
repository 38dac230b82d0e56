using System.Collections.Immutable;

namespace Talon.Rules.Catalog;

/// <summary>The result of checking parameters against a schema.</summary>
/// <param name="Parameters">The parameters under their documented names, without unknown ones and without those that say nothing.</param>
/// <param name="Problems">In the order of the names; empty when all is right.</param>
public sealed record ParameterBinding(ParameterMap Parameters, ImmutableArray<ParameterProblem> Problems);
