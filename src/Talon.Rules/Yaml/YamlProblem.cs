namespace Talon.Rules.Yaml;

/// <summary>Why a file is not YAML, or not YAML that Talon takes.</summary>
/// <param name="Mark">Where.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Hint">What would be right; null when the message says it.</param>
public sealed record YamlProblem(YamlMark Mark, string Message, string? Hint = null);
