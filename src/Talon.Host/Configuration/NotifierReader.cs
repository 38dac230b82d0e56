using System.Globalization;
using Talon.Actors.Catalog;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Loading.Compiling;
using Talon.Rules.Text;
using Talon.Rules.Yaml;

namespace Talon.Host.Configuration;

/// <summary>
/// Reads and checks what the configuration says about notifiers. One that lacks a required setting is no error as long as nobody asks for it: files of
/// the original list every notifier with empty settings.
/// </summary>
internal static class NotifierReader
{
    private const string Defaults = "default_notifiers";
    private const string Section = "notifiers";

    private static readonly string[] Names = [.. PluginCatalog.Default.Notifiers.Select(notifier => notifier.Name)];

    /// <summary>The names of the settings of a notifier; empty when there is no such notifier.</summary>
    /// <param name="name">The notifier, in any case.</param>
    public static IEnumerable<string> SettingsOf(string name) => Find(name)?.Settings.Specs.Select(spec => spec.Name) ?? [];

    /// <summary>Whether a key of the configuration is a setting of a notifier, right or wrong.</summary>
    public static bool IsSetting(string key) => key.StartsWith($"{Section}.", StringComparison.OrdinalIgnoreCase);

    /// <summary>The settings of a file. Adds an error for each notifier and setting that does not exist, and for each value that is wrong.</summary>
    public static NotifierSettings Read(YamlNode.Mapping configuration, ConfigErrorList errors)
    {
        var settings = NotifierSettings.None;
        foreach (var entry in configuration.Entries)
        {
            if (entry.Key.Equals(Defaults, StringComparison.OrdinalIgnoreCase))
            {
                CheckDefaults(entry.Value, errors);
            }
            else if (entry.Key.Equals(Section, StringComparison.OrdinalIgnoreCase) && entry.Value is YamlNode.Mapping notifiers)
            {
                settings = ReadSection(notifiers, errors);
            }
        }

        return settings;
    }

    /// <summary>
    /// The settings of a file with those of the environment, <c>NOTIFIERS_NAME_SETTING</c>, over them. Adds an error for each default notifier of the
    /// environment that does not exist, and for each variable that is wrong. Where there is no such notifier, the variable is another program's.
    /// </summary>
    /// <param name="environment">The environment variables; an empty one counts as not set.</param>
    public static NotifierSettings Over(NotifierSettings settings, IReadOnlyDictionary<string, string> environment, ConfigErrorList errors)
    {
        string variable = ConfigKey.EnvironmentName(Defaults);
        CheckNames(environment.GetValueOrDefault(variable) ?? "", ConfigPlace.OfVariable(variable), errors);
        foreach (var notifier in PluginCatalog.Default.Notifiers)
        {
            string prefix = ConfigKey.EnvironmentName($"{Section}.{notifier.Name}.");
            var given = environment.Where(each => each.Key.StartsWith(prefix, StringComparison.Ordinal) && each.Value.Length > 0);
            var over = ParameterMap.Empty;
            foreach (var (name, text) in given.OrderBy(each => each.Key, StringComparer.Ordinal))
            {
                var (setting, value, problem) = ReadVariable(notifier, name[prefix.Length..].ToLowerInvariant(), text);
                if (problem is not null)
                {
                    errors.Add(ConfigPlace.OfVariable(name), $"{Section}.{notifier.Name}: {problem}");
                }
                else
                {
                    over = over.With(setting, value!);
                }
            }

            settings = settings.With(notifier.Name, ParameterMap.From(SecretSettings.WithoutOtherForms(settings.Of(notifier.Name), over).Concat(over)));
        }

        return settings;
    }

    /// <summary>Adds an error for each of these notifiers whose settings do not suffice to run it.</summary>
    /// <param name="names">The notifiers that are asked for, in any case.</param>
    /// <param name="by">Who asks for them, for the message.</param>
    public static IEnumerable<string> Lacking(NotifierSettings settings, IEnumerable<string> names, string by) => names
        .Select(Find)
        .OfType<NotifierDescriptor>()
        .Distinct()
        .SelectMany(notifier => notifier.Settings.Bind(settings.Of(notifier.Name)).Problems
            .Select(problem => $"{by}: {Section}.{notifier.Name}: {TextOf(problem)}"));

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

    private static NotifierSettings ReadSection(YamlNode.Mapping notifiers, ConfigErrorList errors)
    {
        var settings = NotifierSettings.None;
        foreach (var entry in notifiers.Entries)
        {
            if (Find(entry.Key) is not { } notifier)
            {
                errors.Add(ConfigPlace.Of(entry.KeyMark), $"{Section}: {Unknown(entry.Key)}");
            }
            else if (entry.Value is YamlNode.Mapping written)
            {
                settings = settings.With(notifier.Name, ReadSettings(notifier, written, errors));
            }
        }

        return settings;
    }

    private static ParameterMap ReadSettings(NotifierDescriptor notifier, YamlNode.Mapping written, ConfigErrorList errors)
    {
        var given = ParameterMap.From(ParameterNodes.ToMap(written).Where(setting => !SaysNothing(notifier, setting.Key, setting.Value)));
        var bound = notifier.Settings.Bind(given);
        foreach (var problem in bound.Problems.Where(problem => !problem.IsMissing))
        {
            errors.Add(ConfigPlace.Of(ParameterNodes.MarkOf(problem, written, written.Mark)), $"{Section}.{notifier.Name}: {TextOf(problem)}");
        }

        return bound.Parameters;
    }

    // An empty text takes a default away where a setting may be empty; elsewhere it says nothing, and neither is wrong.
    private static bool SaysNothing(NotifierDescriptor notifier, string name, ParameterValue value) =>
        value is ParameterValue.Text { Value: "" } && notifier.Settings.Find(name) is { } spec && (spec.Required || spec.IsSecret || spec.Type != ParameterType.Text || spec.Check?.Invoke(value) is not null);

    // Unlike YAML, a variable has no types: the text is taken for what the setting holds.
    private static (string Setting, ParameterValue? Value, string? Problem) ReadVariable(NotifierDescriptor notifier, string setting, string text)
    {
        var spec = notifier.Settings.Find(setting);
        ParameterValue? value = spec?.Type switch
        {
            ParameterType.Whole => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
                ? new ParameterValue.Whole(number)
                : null,
            ParameterType.Flag => ConfigValues.Flag(text) is { } flag ? new ParameterValue.Flag(flag) : null,
            ParameterType.TextList => new ParameterValue.List(
                [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(item => new ParameterValue.Text(item))]),
            ParameterType.TextMap => null,
            ParameterType.Text when spec.TakesFlag && ConfigValues.Flag(text) is { } flag => new ParameterValue.Text(flag ? "true" : "false"),
            _ => new ParameterValue.Text(text),
        };
        if (value is null)
        {
            return (setting, null, $"setting '{setting}' must be " + spec!.Type switch
            {
                ParameterType.Whole => spec.Range?.Expected ?? "a whole number",
                ParameterType.Flag => "true or false",
                _ => "given in the configuration file: a variable cannot hold it",
            });
        }

        return (spec?.Name ?? setting, value, notifier.Settings.Bind(ParameterMap.Empty.With(setting, value)).Problems.FirstOrDefault(problem => !problem.IsMissing) is { } found
            ? TextOf(found)
            : null);
    }

    private static string TextOf(ParameterProblem problem) => problem.Hint is null ? problem.Message : $"{problem.Message}; {problem.Hint}";

    private static NotifierDescriptor? Find(string name) =>
        PluginCatalog.Default.Notifiers.FirstOrDefault(notifier => notifier.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string Unknown(string name) => $"unknown notifier '{ConfigValues.Shorten(name)}'; {Suggest.HintFor(name, Names)}";
}
