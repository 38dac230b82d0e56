using System.Collections.Immutable;
using System.Text;
using Talon.Rules.Text;

namespace Talon.Host.Configuration;

/// <summary>Reads the configuration: the environment over the file over the defaults. Every error is found, not only the first.</summary>
internal static class ConfigReader
{
    /// <summary>The file that is read when none is named, if it exists.</summary>
    public const string DefaultFile = "/etc/falco-talon/config.yaml";

    /// <summary>The largest configuration file that is read: 1 MiB.</summary>
    public const int LargestFile = 1024 * 1024;

    /// <summary>Reads a file and the environment.</summary>
    /// <param name="file">The file; null for <see cref="DefaultFile"/>, which may be missing.</param>
    public static ConfigResult Read(string? file, IReadOnlyDictionary<string, string> environment)
    {
        string path = file ?? DefaultFile;
        if (file is null && !File.Exists(path))
        {
            return Combine(ConfigFile.Empty, new ConfigErrorList(), environment);
        }

        string text;
        try
        {
            text = ReadText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new ConfigResult(null, [$"{(path.Length > 0 ? path : "''")}: the configuration file cannot be read: {e.Message}"], []);
        }

        var errors = new ConfigErrorList();
        return Combine(ConfigDocument.Read(path, text, errors), errors, environment);
    }

    /// <summary>Puts the values of a file and the environment together.</summary>
    internal static ConfigResult Combine(
        ConfigFile file, ConfigErrorList errors, IReadOnlyDictionary<string, string> environment)
    {
        var warnings = new List<string>();
        var places = new Dictionary<string, ConfigPlace>(StringComparer.Ordinal);
        var fromFile = new Dictionary<string, ConfigEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in file.Entries)
        {
            if (ConfigKeys.Find(entry.Key) is { } key)
            {
                if (!fromFile.TryAdd(key.Name, entry))
                {
                    errors.Add(entry.Place, $"{key.Name} is given twice; keep one of them");
                }
            }
            else if (NotifierReader.IsSetting(entry.Key))
            {
                // Read and checked with its section.
            }
            else if (IsWithoutEffect(entry.Key))
            {
                warnings.Add($"{entry.Place}: {entry.Key} has no effect in this version");
            }
            else
            {
                errors.Add(entry.Place, Unknown(entry));
            }
        }

        var options = new TalonOptions { Notifiers = NotifierReader.Over(file.Notifiers, environment, errors) };
        options = ConfigKeys.All.Aggregate(
            options, (taken, key) => Take(key, taken, fromFile.GetValueOrDefault(key.Name), environment, places, errors));

        foreach (string lacking in NotifierReader.Lacking(options.Notifiers, options.DefaultNotifiers, "default_notifiers"))
        {
            errors.Add(PlaceOf("default_notifiers", places), lacking);
        }

        ConfigContradictions.Find(options, key => PlaceOf(key, places), errors);
        return new ConfigResult(errors.IsEmpty ? options : null, errors.ToLines(), [.. warnings]);
    }

    // The length of a pipe or device is not known before: no more is read than is allowed.
    private static string ReadText(string path)
    {
        using var file = File.OpenRead(path);
        byte[] bytes = new byte[LargestFile + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > LargestFile)
        {
            throw new IOException("it is larger than 1 MiB");
        }

        using var reader = new StreamReader(new MemoryStream(bytes, 0, length), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static TalonOptions Take(
        ConfigKey key, TalonOptions options, ConfigEntry? entry, IReadOnlyDictionary<string, string> environment,
        Dictionary<string, ConfigPlace> places, ConfigErrorList errors)
    {
        ImmutableArray<string> values;
        ConfigPlace place;
        if (environment.GetValueOrDefault(key.Environment) is { Length: > 0 } text)
        {
            place = ConfigPlace.OfVariable(key.Environment);
            values = key.IsList ? [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)] : [text];
        }
        else if (entry is not null)
        {
            place = entry.ValuePlace;
            values = key.IsList && !entry.IsList
                ? [.. entry.Values[0].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
                : entry.Values;
            if (entry.IsList && !key.IsList)
            {
                errors.Add(place, $"{key.Name} ({key.Environment}) must be {key.Expected}, not a list");
                return options;
            }
        }
        else
        {
            return options;
        }

        places[key.Name] = place;
        if (key.Apply(options, values) is { } changed)
        {
            return changed;
        }

        string shown = key.IsSecret ? "" : $", not '{ConfigValues.Shorten(string.Join(",", values))}'";
        errors.Add(place, $"{key.Name} ({key.Environment}) must be {key.Expected}{shown}");
        return options;
    }

    private static ConfigPlace PlaceOf(string key, Dictionary<string, ConfigPlace> places) =>
        places.TryGetValue(key, out var place) ? place : ConfigPlace.None;

    private static string Unknown(ConfigEntry entry)
    {
        var known = ConfigKeys.All.Select(key => key.Name).Concat(ConfigKeys.WithoutEffect.Where(key => !key.EndsWith('*')));
        string? nearest = Suggest.Nearest(entry.Key, known) ?? NearestByLastName(entry.Key);
        return $"unknown key '{ConfigValues.Shorten(entry.Key)}'" + (nearest is null ? "" : $"; did you mean '{nearest}'?");
    }

    // A key may stand at the wrong level, or carry the spelling mistake in its last word. Where its section exists, another one is not meant.
    private static string? NearestByLastName(string key)
    {
        string section = key[..(key.IndexOf('.', StringComparison.Ordinal) + 1)];
        if (section.Length > 0 && ConfigKeys.Names.Any(known => known.StartsWith(section, StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        string last = key[(key.LastIndexOf('.') + 1)..];
        string? name = Suggest.Nearest(last, ConfigKeys.All.Select(known => known.Name[(known.Name.LastIndexOf('.') + 1)..]));
        return name is null ? null : ConfigKeys.All.First(known => known.Name == name || known.Name.EndsWith($".{name}", StringComparison.Ordinal)).Name;
    }

    private static bool IsWithoutEffect(string key) => ConfigKeys.WithoutEffect.Any(known => known.EndsWith('*')
        ? key.StartsWith(known[..^1], StringComparison.OrdinalIgnoreCase)
        : known.Equals(key, StringComparison.OrdinalIgnoreCase));
}
