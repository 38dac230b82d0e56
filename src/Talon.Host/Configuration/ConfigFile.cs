namespace Talon.Host.Configuration;

/// <summary>What a configuration file says.</summary>
/// <param name="Entries">Its values, also those below <c>notifiers</c>.</param>
/// <param name="Notifiers">The settings of notifiers.</param>
internal sealed record ConfigFile(IReadOnlyList<ConfigEntry> Entries, NotifierSettings Notifiers)
{
    /// <summary>A file that says nothing.</summary>
    public static ConfigFile Empty { get; } = new([], NotifierSettings.None);
}
