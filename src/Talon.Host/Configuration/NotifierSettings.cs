using System.Globalization;
using Talon.Actors.Catalog;
using Talon.Rules.Catalog;
using Talon.Rules.Loading.Compiling;
using Talon.Rules.Text;
using Talon.Rules.Yaml;

namespace Talon.Host.Configuration;

/// <summary>
/// Checks what the configuration says about notifiers. Only those without settings run in this version, so a notifier that lacks a
/// required setting is no error: it may get it from the environment, and files of the original list every notifier with empty settings.
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

    /// <summary>
    /// Adds an error for each default notifier of the environment that does not exist, and for each variable
    /// <c>NOTIFIERS_NAME_SETTING</c> that is wrong; a warning for each that is right and has no effect. Where there is no such
    /// notifier, the variable is another program's.
    /// </summary>
    /// <param name="environment">The environment variables; an empty one counts as not set.</param>
    public static void Check(IReadOnlyDictionary<string, string> environment, ConfigErrorList errors, List<string> warnings)
    {
        string variable = ConfigKey.EnvironmentName(Defaults);
        CheckNames(environment.GetValueOrDefault(variable) ?? "", ConfigPlace.OfVariable(variable), errors);
        foreach (var notifier in PluginCatalog.Default.Notifiers)
        {
            string prefix = ConfigKey.EnvironmentName($"{Section}.{notifier.Name}.");
            var given = environment.Where(each => each.Key.StartsWith(prefix, StringComparison.Ordinal) && each.Value.Length > 0);
            foreach (var (name, text) in given.OrderBy(each => each.Key, StringComparer.Ordinal))
            {
                string setting = name[prefix.Length..].ToLowerInvariant();
                if (ProblemOf(notifier, setting, text) is { } problem)
                {
                    errors.Add(ConfigPlace.OfVariable(name), $"{Section}.{notifier.Name}: {problem}");
                }
                else
                {
                    warnings.Add($"{ConfigPlace.OfVariable(name)}: {Section}.{notifier.Name}.{setting} has no effect in this version");
                }
            }
        }
    }

    /// <summary>One warning for each default notifier that exists and that this version cannot run.</summary>
    public static IEnumerable<string> WarningsOf(IEnumerable<string> names, ConfigPlace place) => names
        .Select(Find)
        .OfType<NotifierDescriptor>()
        .Where(notifier => !notifier.IsBuilt)
        .Distinct()
        .Select(notifier => $"{place}: {Defaults}: this version of Talon cannot notify {notifier.Name} yet");

    private static void CheckDefaults(YamlNode value, ConfigErrorList errors)
    {
        foreach (var item in value is YamlNode.Sequence list ? list.Items : value.IsNull ? [] : [value])
        {
            if (item is YamlNode.Scalar { IsNull: false } scalar)
            {
                CheckNames(scalar.Text, ConfigPlace.Of(scalar.Mark), errors);
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
            errors.Add(ConfigPlace.Of(ParameterNodes.MarkOf(problem, settings, settings.Mark)), $"{Section}.{notifier.Name}: {TextOf(problem)}");
        }
    }

    // Null when the setting is right. Unlike YAML, a variable has no types: the text is taken for what the setting holds.
    private static string? ProblemOf(NotifierDescriptor notifier, string setting, string text)
    {
        var spec = notifier.Settings.Find(setting);
        ParameterValue? value = spec?.Type switch
        {
            ParameterType.Whole => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
                ? new ParameterValue.Whole(number)
                : null,
            ParameterType.Flag => ConfigValues.Flag(text) is { } flag ? new ParameterValue.Flag(flag) : null,
            ParameterType.TextList or ParameterType.TextMap => null,
            _ => new ParameterValue.Text(text),
        };
        if (value is null)
        {
            return $"setting '{setting}' must be " + spec!.Type switch
            {
                ParameterType.Whole => spec.Range?.Expected ?? "a whole number",
                ParameterType.Flag => "true or false",
                _ => "given in the configuration file: a variable cannot hold it",
            };
        }

        return notifier.Settings.Bind(ParameterMap.Empty.With(setting, value)).Problems.FirstOrDefault(problem => !problem.IsMissing) is { } found
            ? TextOf(found)
            : null;
    }

    private static string TextOf(ParameterProblem problem) => problem.Hint is null ? problem.Message : $"{problem.Message}; {problem.Hint}";

    private static NotifierDescriptor? Find(string name) =>
        PluginCatalog.Default.Notifiers.FirstOrDefault(notifier => notifier.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string Unknown(string name) => $"unknown notifier '{ConfigValues.Shorten(name)}'; {Suggest.HintFor(name, Names)}";
}
