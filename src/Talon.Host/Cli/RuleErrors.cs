using Talon.Host.Composition;
using Talon.Host.Logging;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Diagnostics;

namespace Talon.Host.Cli;

/// <summary>Prints what is wrong with rule files.</summary>
internal static class RuleErrors
{
    /// <summary>Prints every error and warning, and how many errors there are.</summary>
    public static async Task PrintAsync(CliContext context, RuleLoadResult result)
    {
        foreach (var diagnostic in result.Diagnostics)
        {
            await context.Error.WriteLineAsync(Printable.Of(diagnostic.ToString()));
        }

        int errors = result.Diagnostics.Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        if (result.Rules is null)
        {
            await context.Error.WriteLineAsync($"invalid rules: {errors} {(errors == 1 ? "error" : "errors")}");
        }
    }
}
