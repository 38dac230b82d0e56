using Talon.Actors.Catalog;

namespace Talon.Architecture.Tests.Documents;

/// <summary>Every block of the documentation that a program writes.</summary>
internal static class GeneratedPages
{
    /// <summary>The blocks, in the order of the catalog.</summary>
    public static IReadOnlyList<GeneratedBlock> All { get; } =
    [
        new("docs/configuration.md", "keys of the configuration", "Configuration", ConfigurationTable.Of),
        new("docs/actionners/README.md", "actionners", "Actionners", () => PluginBlocks.Index(PluginCatalog.Default)),
        .. PluginCatalog.Default.Actionners.Select(actionner => new GeneratedBlock(
            $"docs/actionners/{PluginBlocks.FileOf(actionner)}", $"actionner {actionner.Name}", actionner.Name.ToString(), () => PluginBlocks.Of(actionner))),
        .. PluginCatalog.Default.Outputs.Select(output => new GeneratedBlock("docs/outputs.md", $"output {output.Name}", "Outputs", () => PluginBlocks.Of(output))),
        .. PluginCatalog.Default.Notifiers.Select(notifier => new GeneratedBlock("docs/notifiers.md", $"notifier {notifier.Name}", "Notifiers", () => PluginBlocks.Of(notifier))),
        new("docs/variables.md", "contexts", "Variables", () => PluginBlocks.Contexts(PluginCatalog.Default)),
    ];
}
