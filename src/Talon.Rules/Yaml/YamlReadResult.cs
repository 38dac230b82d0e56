using System.Collections.Immutable;

namespace Talon.Rules.Yaml;

/// <summary>The result of reading a YAML file.</summary>
/// <param name="Documents">Its documents that could be read, in order. Empty documents are left out.</param>
/// <param name="Problems">What is wrong, in order. When there is any, the documents may lack parts.</param>
public sealed record YamlReadResult(ImmutableArray<YamlNode> Documents, ImmutableArray<YamlProblem> Problems);
