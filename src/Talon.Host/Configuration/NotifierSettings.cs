using System.Collections.Immutable;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Host.Configuration;

/// <summary>The settings of notifiers as written, checked one by one. They hold secrets.</summary>
internal sealed class NotifierSettings
{
    private readonly ImmutableSortedDictionary<string, ParameterMap> _byName;

    private NotifierSettings(ImmutableSortedDictionary<string, ParameterMap> byName) => _byName = byName;

    /// <summary>No settings at all.</summary>
    public static NotifierSettings None { get; } = new(ImmutableSortedDictionary.Create<string, ParameterMap>(StringComparer.Ordinal));

    /// <summary>The settings of a notifier; none when nothing is written.</summary>
    /// <param name="notifier">Its name as the catalog has it.</param>
    public ParameterMap Of(string notifier) => _byName.GetValueOrDefault(notifier, ParameterMap.Empty);

    /// <summary>The same with other settings for one notifier.</summary>
    public NotifierSettings With(string notifier, ParameterMap settings) => new(_byName.SetItem(notifier, settings));

    /// <summary>The same with the texts of files in place of their paths.</summary>
    /// <exception cref="IOException">A file cannot be read, or holds no secret.</exception>
    public NotifierSettings WithTextsOfFiles(IPluginCatalog catalog) => catalog.Notifiers.Aggregate(
        this, (settings, notifier) => settings.With(notifier.Name, SecretSettings.WithTextsOfFiles(notifier, settings.Of(notifier.Name))));

    /// <summary>The names of what is written; no value, for many are secret.</summary>
    public override string ToString() =>
        string.Join(", ", _byName.SelectMany(notifier => notifier.Value.Names.Select(setting => $"{notifier.Key}.{setting}")));
}
