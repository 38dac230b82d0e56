using Talon.Actors.Notifiers.Http;
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
            Description = "Pushes a log line for each record to Loki.",
            Settings = LokiSettings.Schema,
        },
        create: (ports, map) => Create(LokiSettings.Read(map).Settings, ports));

    private static LokiNotifier Create(LokiSettings settings, PluginPorts ports) =>
        new(settings, new NotifierHttp("loki", settings.Tls, ports.Clock, LokiNotifier.SecretsOf(settings)));
}
