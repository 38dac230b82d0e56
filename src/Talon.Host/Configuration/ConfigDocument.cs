using System.Collections.Immutable;
using Talon.Rules.Yaml;

namespace Talon.Host.Configuration;

/// <summary>Turns a configuration file into a flat list of keys and texts with their places, and the settings of notifiers.</summary>
internal static class ConfigDocument
{
    private const string NotifierPrefix = "notifiers.";

    /// <summary>Reads the text of a file. What cannot be read is left out and told.</summary>
    /// <param name="path">The path, for messages.</param>
    public static ConfigFile Read(string path, string text, ConfigErrorList errors)
    {
        var read = YamlDocument.Read(path, text);
        foreach (var problem in read.Problems)
        {
            errors.Add(ConfigPlace.Of(problem.Mark), problem.Message + (problem.Hint is null ? "" : $"; {problem.Hint}"));
        }

        var entries = new List<ConfigEntry>();
        var notifiers = NotifierSettings.None;
        for (int i = 0; i < read.Documents.Length; i++)
        {
            if (i > 1)
            {
                break;
            }

            if (i == 1)
            {
                errors.Add(ConfigPlace.Of(read.Documents[i].Mark), "a second document begins here; the configuration is one document, and the original read the first only: join them, or remove this one");
            }
            else if (read.Documents[i] is YamlNode.Mapping mapping)
            {
                Flatten("", mapping, entries, errors);
                notifiers = NotifierReader.Read(mapping, errors);
            }
            else
            {
                errors.Add(ConfigPlace.Of(read.Documents[i].Mark), $"the configuration must be a map of keys and values, not {read.Documents[i].Describe()}");
            }
        }

        return new ConfigFile(entries, notifiers);
    }

    private static void Flatten(string prefix, YamlNode.Mapping mapping, List<ConfigEntry> entries, ConfigErrorList errors)
    {
        foreach (var entry in mapping.Entries)
        {
            string key = prefix + entry.Key;
            if (entry.Value.IsNull && (IsLevel(key) || ConfigKeys.Find(key) is not null))
            {
                continue;
            }

            if (IsLevel(key))
            {
                Descend(key, entry, entries, errors);
            }
            else if (Texts(key, entry.Value, errors) is { } texts)
            {
                entries.Add(new ConfigEntry(key, texts, entry.Value is YamlNode.Sequence, ConfigPlace.Of(entry.KeyMark), ConfigPlace.Of(entry.Value.Mark)));
            }
        }
    }

    private static void Descend(string key, YamlEntry entry, List<ConfigEntry> entries, ConfigErrorList errors)
    {
        if (entry.Value is YamlNode.Mapping inner)
        {
            Flatten(key + ".", inner, entries, errors);
            return;
        }

        string below = string.Join(", ", IsNotifier(key)
            ? NotifierReader.SettingsOf(key[NotifierPrefix.Length..])
            : ConfigKeys.Names
                .Where(name => name.StartsWith(key + ".", StringComparison.OrdinalIgnoreCase))
                .Select(name => name[(key.Length + 1)..])
                .Where(name => name != "*"));
        string such = below.Length > 0 ? $"a map with keys such as {below}" : "a map";
        errors.Add(ConfigPlace.Of(entry.Value.Mark), $"{key} must be {such}, not {entry.Value.Describe()}");
    }

    private static bool IsLevel(string key) => ConfigKeys.Names.Any(name => name.StartsWith(key + ".", StringComparison.OrdinalIgnoreCase))
        || key.Equals(NotifierPrefix[..^1], StringComparison.OrdinalIgnoreCase)
        || IsNotifier(key);

    private static bool IsNotifier(string key) => key.StartsWith(NotifierPrefix, StringComparison.OrdinalIgnoreCase) && key.Count(c => c == '.') == 1;

    // Null when it has been told that the value has a shape that no key takes.
    private static ImmutableArray<string>? Texts(string key, YamlNode value, ConfigErrorList errors)
    {
        switch (value)
        {
            case YamlNode.Scalar scalar:
                return [scalar.Text];
            case YamlNode.Sequence list when list.Items.All(item => item is YamlNode.Scalar { Kind: not YamlScalarKind.Null }):
                return [.. list.Items.Cast<YamlNode.Scalar>().Select(item => item.Text)];
            case var _ when ConfigKeys.Find(key) is { } known:
                var culprit = value is YamlNode.Sequence items ? items.Items.First(item => item is not YamlNode.Scalar || item.IsNull) : value;
                errors.Add(ConfigPlace.Of(culprit.Mark), $"{known.Name} ({known.Environment}) must be {known.Expected}, not {culprit.Describe()}");
                return null;
            default:
                return [];
        }
    }
}
