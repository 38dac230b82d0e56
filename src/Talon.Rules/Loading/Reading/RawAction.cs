using System.Collections.Immutable;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Reading;

/// <summary>An action block, or an action of a rule, as written. What is null was not said.</summary>
internal sealed record RawAction(Located<string> Name)
{
    public Located<string>? Description { get; init; }

    public Located<string>? Actionner { get; init; }

    public Located<bool>? Continue { get; init; }

    public Located<bool>? IgnoreErrors { get; init; }

    public YamlNode.Mapping? Parameters { get; init; }

    public ImmutableArray<Located<string>> AdditionalContexts { get; init; } = [];

    public RawOutput? Output { get; init; }

    public Located<TimeSpan>? Timeout { get; init; }

    public Located<TimeSpan>? MaxAge { get; init; }

    public Located<bool>? RetryInterrupted { get; init; }
}
