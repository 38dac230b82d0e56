using Talon.Rules.Catalog;

namespace Talon.Actors.Plugins;

/// <summary>Secrets of a notifier may stand in files: each text <c>x</c> that is one has a setting <c>x_file</c> beside it.</summary>
public static class SecretSettings
{
    private const string Suffix = "_file";
    private const int LargestFile = 64 * 1024;

    /// <summary>The schema with a file beside each secret text; one that was required is now required in either form.</summary>
    internal static ParameterSchema WithFiles(ParameterSchema schema)
    {
        var secrets = schema.Specs.Where(IsSecretText).ToList();
        if (secrets.Count == 0)
        {
            return schema;
        }

        var specs = schema.Specs.SelectMany(spec => IsSecretText(spec)
            ? (ParameterSpec[])[spec.Required ? spec with { Required = false, DefaultText = $"required, or {spec.Name}{Suffix}" } : spec, FileOf(spec)]
            : [spec]);
        return schema with
        {
            Specs = [.. specs],
            Missing = map => secrets
                .Where(spec => spec.Required && !map.TryGet(spec.Name, out _) && !map.TryGet(spec.Name + Suffix, out _))
                .Select(spec => $"{schema.Word} '{spec.Name}' is missing; it is required: {spec.Description} Or give {spec.Name}{Suffix}")
                .FirstOrDefault() ?? schema.Missing?.Invoke(map),
            Check = map => secrets
                .Where(spec => map.TryGet(spec.Name, out _) && map.TryGet(spec.Name + Suffix, out _))
                .Select(spec => $"{schema.Word}s '{spec.Name}' and '{spec.Name}{Suffix}' are both given; keep one of them")
                .FirstOrDefault() ?? schema.Check?.Invoke(map),
        };
    }

    /// <summary>The settings with the texts of the files in place of their paths. White space around a text does not count.</summary>
    /// <param name="notifier">The notifier, for messages.</param>
    /// <exception cref="IOException">A file cannot be read, is empty, or is larger than 64 KiB.</exception>
    /// <exception cref="SettingException">The text of a file is none that the setting may have.</exception>
    public static ParameterMap WithTextsOfFiles(NotifierDescriptor notifier, ParameterMap settings)
    {
        foreach (var spec in notifier.Settings.Specs.Where(IsSecretText))
        {
            if (settings.GetText(spec.Name + Suffix) is { Length: > 0 } file)
            {
                string key = $"notifiers.{notifier.Name}.{spec.Name}{Suffix}";
                var text = new ParameterValue.Text(Read(key, file));
                if (spec.Check?.Invoke(text) is { } problem)
                {
                    throw new SettingException($"{key}: the text of the file '{file}' {problem}");
                }

                settings = ParameterMap.From(settings.Where(setting => setting.Key != spec.Name + Suffix)).With(spec.Name, text);
            }
        }

        return settings;
    }

    /// <summary>The settings without the other form of each secret that stands in <paramref name="over"/>: what is put over them wins in either form.</summary>
    public static ParameterMap WithoutOtherForms(ParameterMap settings, ParameterMap over) => ParameterMap.From(settings.Where(setting =>
        !over.TryGet(setting.Key + Suffix, out _) && !(setting.Key.EndsWith(Suffix, StringComparison.Ordinal) && over.TryGet(setting.Key[..^Suffix.Length], out _))));

    private static bool IsSecretText(ParameterSpec spec) => spec is { IsSecret: true, Type: ParameterType.Text };

    private static ParameterSpec FileOf(ParameterSpec spec) => new()
    {
        Name = spec.Name + Suffix,
        Type = ParameterType.Text,
        DefaultText = "none",
        Description = $"A file that holds {spec.Name} instead; read at the start.",
    };

    private static string Read(string key, string file)
    {
        try
        {
            if (new FileInfo(file).Length > LargestFile)
            {
                throw new IOException($"the file '{file}' is larger than 64 KiB: {key} must name one that holds the secret and nothing else");
            }

            string text = File.ReadAllText(file).Trim();
            return text.Length > 0 ? text : throw new IOException($"the file '{file}' is empty: {key} must name one that holds the secret");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"the file of {key} cannot be read: {e.Message}", e);
        }
    }
}
