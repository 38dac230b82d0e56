using Talon.Host.Composition;
using Talon.Host.Configuration;
using Talon.Host.Logging;

namespace Talon.Host.Cli;

/// <summary>Prints what is wrong with the configuration.</summary>
internal static class ConfigErrors
{
    /// <summary>Prints every error, and how many there are.</summary>
    public static async Task<int> PrintAsync(CliContext context, ConfigResult result)
    {
        foreach (string error in result.Errors)
        {
            await context.Error.WriteLineAsync(Printable.Of(error));
        }

        await context.Error.WriteLineAsync($"invalid configuration: {result.Errors.Length} {(result.Errors.Length == 1 ? "error" : "errors")}");
        return ExitCodes.NotFine;
    }
}
