using System.Collections.Immutable;
using Talon.Host.Cli;
using Talon.Host.Configuration;
using Talon.Rules.Model;
using Talon.Rules.Plugins;

namespace Talon.Host.Hosting;

/// <summary>Joins the host with the pipeline.</summary>
internal static class ServerPipeline
{
    /// <summary>What actionners there are.</summary>
    public static IPluginCatalog Catalog { get; } = new NoPlugins();

    /// <summary>Registers the pipeline.</summary>
    public static void Add(IServiceCollection services, CliContext context, TalonOptions options)
    {
    }

    private sealed class NoPlugins : IPluginCatalog
    {
        public ImmutableArray<ActionnerDescriptor> Actionners => [];

        public ActionnerDescriptor? FindActionner(ActionnerName name) => null;
    }
}
