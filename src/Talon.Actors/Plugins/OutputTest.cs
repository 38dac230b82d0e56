using System.Collections.Immutable;

namespace Talon.Actors.Plugins;

/// <summary>What came of trying an output out.</summary>
/// <param name="Result">Whether a small artifact was stored.</param>
/// <param name="Remarks">What reading it back and deleting it came to, one clause each; empty when it was not stored.</param>
public sealed record OutputTest(StoreResult Result, ImmutableArray<string> Remarks);
