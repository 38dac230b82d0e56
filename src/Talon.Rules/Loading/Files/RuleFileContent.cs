namespace Talon.Rules.Loading.Files;

/// <summary>The bytes of one rule file, or why there are none.</summary>
/// <param name="Path">Its path, as diagnostics name it.</param>
/// <param name="Bytes">Its whole content; empty when it could not be read.</param>
/// <param name="Problem">Why it could not be read; null when it was.</param>
/// <param name="Hint">What would be right; null when the problem says it.</param>
internal sealed record RuleFileContent(string Path, byte[] Bytes, string? Problem, string? Hint);
