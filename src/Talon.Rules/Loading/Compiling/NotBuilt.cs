using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Compiling;

/// <summary>Something an action asks for that is known and that this version cannot do yet.</summary>
/// <param name="EndsAction">Whether the action cannot run without it.</param>
internal sealed record NotBuilt(YamlMark Mark, string Message, string Hint, bool EndsAction);
