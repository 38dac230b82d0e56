using System.Collections.Immutable;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Reading;

/// <summary>A rule as written. What is null or empty was not said.</summary>
internal sealed record RawRule(Located<string> Name)
{
    public Located<string>? Description { get; init; }

    public RawMatch Match { get; init; } = RawMatch.Nothing;

    public ImmutableArray<RawAction> Actions { get; init; } = [];

    /// <summary>Whether the key <c>actions</c> is there, even with faults that have been reported.</summary>
    public bool SaysActions { get; init; }

    /// <summary>Whether it has keys that lenient reading goes on without.</summary>
    public bool HasUnknownKeys { get; init; }

    public ImmutableArray<Located<string>> Notifiers { get; init; } = [];

    public Located<bool>? Continue { get; init; }

    public Located<bool>? DryRun { get; init; }
}
