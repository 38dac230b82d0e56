using Talon.Actors.Plugins;
using Talon.Rules.Plugins;

namespace Talon.Actors.Notifiers.Slack;

/// <summary><c>slack</c> as the catalog lists it.</summary>
internal static class SlackModule
{
    public static NotifierDescriptor Descriptor { get; } = new()
    {
        Name = "slack",
        Description = "Posts a message to a channel of Slack.",
        Settings = SlackSettings.Schema,
        Permissions = "",
        Example = ModuleResources.Read(typeof(SlackModule), "example.yaml"),
        IsBuilt = false,
    };
}
