namespace Talon.Rules.Yaml;

/// <summary>An entry of a map.</summary>
/// <param name="Key">The key.</param>
/// <param name="KeyMark">Where the key stands.</param>
/// <param name="Value">The value.</param>
public sealed record YamlEntry(string Key, YamlMark KeyMark, YamlNode Value);
