using System.Collections.Immutable;

namespace Talon.Rules.Outcomes;

/// <summary>What became of the artifact of an action: where the output put it, or why it could not.</summary>
/// <param name="Target">The full name of the output, for instance <c>local:file</c>.</param>
/// <param name="Text">One sentence: what was stored, how many bytes, with which SHA-256; or what went wrong. Never its bytes.</param>
/// <param name="Objects">Where it is, as the output says it: <c>file</c>, <c>destination</c>, <c>bucket</c>, <c>key</c>. May be empty.</param>
public sealed record ArtifactReport(string Target, bool Stored, string Text, ImmutableSortedDictionary<string, string> Objects);
