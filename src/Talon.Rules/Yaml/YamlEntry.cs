namespace Talon.Rules.Yaml;

/// <summary>An entry of a map.</summary>
public sealed record YamlEntry(string Key, YamlMark KeyMark, YamlNode Value);
