namespace Talon.Rules.Yaml;

/// <summary>A value and where it was written.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Value">The value.</param>
/// <param name="Mark">Where it was written.</param>
public readonly record struct Located<T>(T Value, YamlMark Mark);
