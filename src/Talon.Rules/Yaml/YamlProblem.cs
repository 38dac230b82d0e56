namespace Talon.Rules.Yaml;

/// <summary>Why a file is not YAML, or not YAML that Talon takes.</summary>
/// <param name="Hint">How to correct it; null when the message says so.</param>
public sealed record YamlProblem(YamlMark Mark, string Message, string? Hint = null);
