using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Elasticsearch;

/// <summary><c>elasticsearch</c> as the catalog lists it.</summary>
internal static class ElasticsearchModule
{
    public static NotifierModule Module { get; } = new(
        typeof(ElasticsearchModule),
        new NotifierDescriptor
        {
            Name = "elasticsearch",
            Description = "Stores each record as a document in Elasticsearch or OpenSearch.",
            Settings = ElasticsearchSettings.Schema,
            Permissions = "The cluster privilege manage_index_templates for create_index_template, and create_doc and auto_configure on the indices.",
        },
        create: (ports, map) => Create(ElasticsearchSettings.Read(map).Settings, ports));

    private static ElasticsearchNotifier Create(ElasticsearchSettings settings, PluginPorts ports) => new(
        settings, new NotifierHttp("elasticsearch", settings.Tls, ports.Clock, ElasticsearchServer.SecretsOf(settings)), ports.Clock, ports.Log);
}
