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
            Description = "Sends each record to a URL: as JSON, as an event of CloudEvents, or as a template makes it.",
            Settings = WebhookSettings.Schema,
        },
        create: (ports, settings) => new WebhookNotifier(WebhookSettings.Read(settings).Settings, ports.Clock));
}
