namespace Talon.Rules.Loading.Files;

/// <summary>A rule file in memory.</summary>
/// <param name="Path">Its path, as diagnostics name it.</param>
public sealed record RuleFile(string Path, string Text);
