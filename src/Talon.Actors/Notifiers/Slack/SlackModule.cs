using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Slack;

/// <summary><c>slack</c> as the catalog lists it.</summary>
internal static class SlackModule
{
    public static NotifierModule Module { get; } = new(
        typeof(SlackModule),
        new NotifierDescriptor
        {
            Name = "slack",
            Description = "Posts a message to a channel of Slack.",
            Settings = SlackSettings.Schema,
        },
        create: (ports, settings) => new SlackNotifier(SlackSettings.Read(settings).Settings, ports.Clock));
}
