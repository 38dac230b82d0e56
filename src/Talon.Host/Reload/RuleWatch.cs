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

    /// <summary>What actionners there are.</summary>
    public required IPluginCatalog Catalog { get; init; }

    /// <summary>When the files are read.</summary>
    public RuleWatchOptions Options { get; init; } = new();

    /// <summary>How the files are read.</summary>
    public RuleFilesReader Read { get; init; } = RuleFileReading.Read;
}
