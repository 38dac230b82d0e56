using Talon.Actors.Plugins;
using Talon.Rules.Loading;
using Talon.Rules.Model;
using Talon.Rules.Plugins;
using Talon.Rules.Text;
using Talon.Rules.Yaml;

namespace Talon.Host.Configuration;

/// <summary>
/// Checks what the configuration says about notifiers. None runs in this version, so a notifier that lacks a required setting is no
/// error: it may get it from the environment, and files of the original list every notifier with empty settings.
/// </summary>
internal static class NotifierSettings
{
    private const string Defaults = "default_notifiers";
    private const string Section = "notifiers";

    private static readonly string[] Names = [.. PluginCatalog.Default.Notifiers.Select(notifier => notifier.Name)];

    /// <summary>The names of the settings of a notifier; empty when there is no such notifier.</summary>
    /// <param name="name">The notifier, in any case.</param>
    public static IEnumerable<string> SettingsOf(string name) => Find(name)?.Settings.Specs.Select(spec => spec.Name) ?? [];

    /// <summary>Adds an error for each notifier and setting that does not exist, and for each value that is wrong.</summary>
    /// <param name="configuration">The file.</param>
    /// <param name="errors">Where to.</param>
    public static void Check(YamlNode.Mapping configuration, ConfigErrorList errors)
    {
        foreach (var entry in configuration.Entries)
        {
            if (entry.Key.Equals(Defaults, StringComparison.OrdinalIgnoreCase))
            {
                CheckDefaults(entry.Value, errors);
            }
            else if (entry.Key.Equals(Section, StringComparison.OrdinalIgnoreCase) && entry.Value is YamlNode.Mapping notifiers)
            {
                CheckSection(notifiers, errors);
            }
        }
    }

    /// <summary>Adds an error for each default notifier of the environment that does not exist.</summary>
    /// <param name="environment">The environment variables.</param>
    /// <param name="errors">Where to.</param>
    public static void Check(IReadOnlyDictionary<string, string> environment, ConfigErrorList errors)
    {
        string variable = ConfigKey.EnvironmentName(Defaults);
        CheckNames(environment.GetValueOrDefault(variable) ?? "", ConfigPlace.OfVariable(variable), errors);
    }

    private static void CheckDefaults(YamlNode value, ConfigErrorList errors)
    {
        foreach (var item in value is YamlNode.Sequence list ? list.Items : value.IsNull ? [] : [value])
        {
            if (item is YamlNode.Scalar { IsNull: false } scalar)
            {
                CheckNames(scalar.Text, ConfigPlace.Of(scalar.Mark), errors);
            }
            else
            {
                errors.Add(ConfigPlace.Of(item.Mark), $"{Defaults} must be a list of notifiers, not {item.Describe()}");
            }
        }
    }

    private static void CheckNames(string names, ConfigPlace place, ConfigErrorList errors)
    {
        foreach (string name in names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Find(name) is null)
            {
                errors.Add(place, $"{Defaults}: {Unknown(name)}");
            }
        }
    }

    private static void CheckSection(YamlNode.Mapping notifiers, ConfigErrorList errors)
    {
        foreach (var entry in notifiers.Entries)
        {
            if (Find(entry.Key) is not { } notifier)
            {
                errors.Add(ConfigPlace.Of(entry.KeyMark), $"{Section}: {Unknown(entry.Key)}");
            }
            else if (entry.Value is YamlNode.Mapping settings)
            {
                CheckSettings(notifier, settings, errors);
            }
        }
    }

    private static void CheckSettings(NotifierDescriptor notifier, YamlNode.Mapping settings, ConfigErrorList errors)
    {
        // An empty text says nothing, or takes a default away: neither is wrong.
        var given = ParameterMap.From(ParameterNodes.ToMap(settings).Where(setting => setting.Value is not ParameterValue.Text { Value: "" }));
        foreach (var problem in notifier.Settings.Bind(given).Problems.Where(problem => !problem.IsMissing))
        {
            string hint = problem.Hint is null ? "" : $"; {problem.Hint}";
            errors.Add(ConfigPlace.Of(ParameterNodes.MarkOf(problem, settings, settings.Mark)), $"{Section}.{notifier.Name}: {problem.Message}{hint}");
        }
    }

    private static NotifierDescriptor? Find(string name) =>
        PluginCatalog.Default.Notifiers.FirstOrDefault(notifier => notifier.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string Unknown(string name) => $"unknown notifier '{ConfigValues.Shorten(name)}'; {Suggest.HintFor(name, Names)}";
}
