using System.Collections.Immutable;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading;

/// <summary>A <c>match</c> as written. What is null or empty was not said.</summary>
internal sealed record RawMatch
{
    public static RawMatch Nothing { get; } = new();

    public ImmutableArray<Located<string>> Rules { get; init; } = [];

    public Located<string>? Priority { get; init; }

    public Located<string>? Source { get; init; }

    public ImmutableArray<Located<string>> Tags { get; init; } = [];

    public ImmutableArray<Located<string>> OutputFields { get; init; } = [];
}
