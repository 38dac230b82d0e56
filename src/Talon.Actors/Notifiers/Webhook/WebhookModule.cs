using Talon.Actors.Plugins;
using Talon.Rules.Plugins;

namespace Talon.Actors.Notifiers.Webhook;

/// <summary><c>webhook</c> as the catalog lists it.</summary>
internal static class WebhookModule
{
    public static NotifierModule Module { get; } = new(
        new NotifierDescriptor
        {
            Name = "webhook",
            Description = "Sends the record of the action as JSON to a URL.",
            Settings = WebhookSettings.Schema,
            Permissions = "",
            Example = ModuleResources.Read(typeof(WebhookModule), "example.yaml"),
        },
        Create: null);
}
