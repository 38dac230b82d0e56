using Talon.Actors.Plugins;
using Talon.Host.Cli;
using Talon.Host.Configuration;
using Talon.Rules.Plugins;

namespace Talon.Host.Hosting;

/// <summary>Joins the host with the pipeline.</summary>
internal static class ServerPipeline
{
    /// <summary>What actionners there are.</summary>
    public static IPluginCatalog Catalog => PluginCatalog.Default;

    /// <summary>Registers the pipeline.</summary>
    public static void Add(IServiceCollection services, CliContext context, TalonOptions options)
    {
    }
}
