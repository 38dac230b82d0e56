using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Reading;

/// <summary>An <c>output</c> as written. What is null was not said.</summary>
internal sealed record RawOutput(YamlMark Mark)
{
    public Located<string>? Target { get; init; }

    public YamlNode.Mapping? Parameters { get; init; }
}
