using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Webhook;

/// <summary><c>webhook</c> as the catalog lists it.</summary>
internal static class WebhookModule
{
    public static NotifierModule Module { get; } = new(
        typeof(WebhookModule),
        new NotifierDescriptor
        {
            Name = "webhook",
            Description = "Sends the record of the action as JSON to a URL.",
            Settings = WebhookSettings.Schema,
        },
        create: null);
}
