using System.Collections.Immutable;
using Talon.Rules.Catalog;
using Talon.Rules.Loading.Reading;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Compiling;

/// <summary>A rule as written, merged, without what lenient reading only warned about: what is left reads strictly.</summary>
internal static class MergedRule
{
    /// <summary>The rule with the actions and notifiers that are left.</summary>
    public static RawRule Of(RawRule raw, ImmutableArray<RawAction> actions, ImmutableArray<string> notifiers) => raw with
    {
        Actions = actions,
        Notifiers = [.. raw.Notifiers.Where(notifier => notifiers.Contains(notifier.Value, StringComparer.OrdinalIgnoreCase))],
    };

    /// <summary>The action with the parameters and contexts that are known.</summary>
    public static RawAction Of(RawAction resolved, CompiledAction action) => resolved with
    {
        Parameters = Only(resolved.Parameters, name => action.Descriptor.Parameters.Find(name) is not null),
        AdditionalContexts = [.. resolved.AdditionalContexts.Where(context => action.Planned.AdditionalContexts.Contains(context.Value, StringComparer.Ordinal))],
        Output = resolved.Output is { } output ? output with { Parameters = Only(output.Parameters, name => IsKnown(action.Planned.Output?.Parameters, name)) } : null,
    };

    private static bool IsKnown(ParameterMap? bound, string name) => bound?.Names.Contains(name, StringComparer.OrdinalIgnoreCase) == true;

    private static YamlNode.Mapping? Only(YamlNode.Mapping? parameters, Func<string, bool> isKnown) =>
        parameters is null ? null : new YamlNode.Mapping(parameters.Mark, [.. parameters.Entries.Where(entry => isKnown(entry.Key))]);
}
