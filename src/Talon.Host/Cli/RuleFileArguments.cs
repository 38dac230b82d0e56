using Talon.Host.Composition;
using Talon.Host.Configuration;

namespace Talon.Host.Cli;

/// <summary>Which rule files a command is about.</summary>
internal static class RuleFileArguments
{
    /// <summary>The files given, else those of the configuration. Null when the configuration is wrong, which has been told then.</summary>
    /// <param name="files">The rule files given; none means those of the configuration.</param>
    /// <param name="configFile">The configuration file; null for the default one.</param>
    public static async Task<IReadOnlyList<string>?> ResolveAsync(CliContext context, IReadOnlyList<string> files, string? configFile)
    {
        if (files.Count > 0 && configFile is null)
        {
            return files;
        }

        var config = ConfigReader.Read(configFile, context.Environment);
        if (config.Options is null)
        {
            await ConfigErrors.PrintAsync(context, config);
            return null;
        }

        return files.Count > 0 ? files : config.Options.RulesFiles;
    }
}
