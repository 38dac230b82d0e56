using System.Collections.Immutable;
using Talon.Actors.Catalog;
using Talon.Rules.Catalog;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;

namespace Talon.Actors.Tests.Plugins;

/// <summary>What a rule file is told about the parameters of any actionner, as if this version could run all of them.</summary>
internal static class ParameterTrial
{
    private const string Output = "\n  output:\n    target: local:file\n    parameters:\n      destination: /var/lib/talon/artifacts";

    /// <summary>What is said about these parameters.</summary>
    /// <param name="actionner">The full name.</param>
    /// <param name="parameters">A YAML map in one line.</param>
    public static IReadOnlyList<string> Problems(string actionner, string parameters)
    {
        var use = PluginCatalog.Default.FindActionner(ActionnerName.Parse(actionner))!.Output;
        return Diagnostics(
            $"- action: Try\n  actionner: {actionner}\n  parameters: {parameters}{(use == OutputUse.Required ? Output : "")}\n"
            + "- rule: A\n  match:\n    rules: [B]\n  actions:\n    - action: Try\n");
    }

    /// <summary>What is said about a rule file.</summary>
    /// <param name="text">The file.</param>
    public static IReadOnlyList<string> Diagnostics(string text) =>
        [.. RuleLoader.Load([new RuleFile("rules.yaml", text)], AsIfBuilt.Instance).Diagnostics.Select(diagnostic => diagnostic.ToString())];

    private sealed class AsIfBuilt : IPluginCatalog
    {
        public static AsIfBuilt Instance { get; } = new();

        public ImmutableArray<ActionnerDescriptor> Actionners { get; } = [.. PluginCatalog.Default.Actionners.Select(each => each with { IsBuilt = true })];

        public ImmutableArray<OutputDescriptor> Outputs { get; } = [.. PluginCatalog.Default.Outputs.Select(each => each with { IsBuilt = true })];

        public ImmutableArray<NotifierDescriptor> Notifiers { get; } = [.. PluginCatalog.Default.Notifiers.Select(each => each with { IsBuilt = true })];

        public ImmutableArray<ContextDescriptor> Contexts { get; } = [.. PluginCatalog.Default.Contexts.Select(each => each with { IsBuilt = true })];

        public ActionnerDescriptor? FindActionner(ActionnerName name) => Actionners.FirstOrDefault(each => each.Name == name);
    }
}
