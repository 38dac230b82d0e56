using System.Collections.Immutable;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Reading;

/// <summary>A <c>match</c>, or the <c>not</c> in it, as written. What is null or empty was not said.</summary>
internal sealed record RawMatch
{
    public static RawMatch Nothing { get; } = new();

    /// <summary>Whether all that is written could be read. Else it may say more or less than was meant.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>Whether it has keys that lenient reading goes on without: it says less than was meant.</summary>
    public bool HasUnknownKeys { get; init; }

    /// <summary>Where a <c>not</c> begins; of a <c>match</c> nothing needs it.</summary>
    public YamlMark Mark { get; init; }

    public ImmutableArray<Located<string>> Rules { get; init; } = [];

    public ImmutableArray<Located<string>> Hostnames { get; init; } = [];

    public Located<string>? Priority { get; init; }

    public Located<string>? Source { get; init; }

    public ImmutableArray<Located<string>> Tags { get; init; } = [];

    public ImmutableArray<Located<string>> OutputFields { get; init; } = [];

    /// <summary>The block that excludes events; it has no such block itself.</summary>
    public RawMatch? Not { get; init; }

    /// <summary>What a later override says over this: lists append, the rest replaces, <c>not</c> merges key by key.</summary>
    public RawMatch With(RawMatch later) => new()
    {
        IsWhole = IsWhole && later.IsWhole,
        HasUnknownKeys = HasUnknownKeys || later.HasUnknownKeys,
        Mark = Mark,
        Rules = Rules.AddRange(later.Rules),
        Hostnames = Hostnames.AddRange(later.Hostnames),
        Priority = later.Priority ?? Priority,
        Source = later.Source ?? Source,
        Tags = Tags.AddRange(later.Tags),
        OutputFields = OutputFields.AddRange(later.OutputFields),
        Not = Not is null || later.Not is null ? later.Not ?? Not : Not.With(later.Not),
    };
}
