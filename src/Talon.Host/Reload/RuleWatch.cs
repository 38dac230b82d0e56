using System.Collections.Immutable;
using Talon.Rules.Catalog;
using Talon.Rules.Loading.Files;

namespace Talon.Host.Reload;

/// <summary>Which rule files are watched, and how.</summary>
internal sealed record RuleWatch
{
    /// <summary>The rule files, in order, by absolute paths.</summary>
    public required ImmutableArray<RuleFilePath> Files { get; init; }

    /// <summary>The hash of their content when the set in force was loaded from it.</summary>
    public required string ContentHash { get; init; }

    public required IPluginCatalog Catalog { get; init; }

    public RuleWatchOptions Options { get; init; } = new();

    public RuleFilesReader Read { get; init; } = RuleFileReading.Read;
}
