using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Loki;

/// <summary><c>loki</c> as the catalog lists it.</summary>
internal static class LokiModule
{
    public static NotifierModule Module { get; } = new(
        typeof(LokiModule),
        new NotifierDescriptor
        {
            Name = "loki",
            Description = "Pushes a log line to Loki.",
            Settings = LokiSettings.Schema,
        },
        create: null);
}
