using System.Collections;
using System.Text;
using Talon.Host.Composition;

namespace Talon.Host.Cli;

/// <summary>The program, for its own executable and for others that are built from the same library.</summary>
public static class TalonProgram
{
    /// <summary>Runs one command of the command line and returns the exit code: 0 fine, 1 not fine, 2 wrong usage, 3 taken out of the cluster.</summary>
    /// <param name="hooks">What to add to the server; null for nothing.</param>
    public static async Task<int> RunAsync(string[] args, TalonProgramHooks? hooks = null)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        await using var output = new StreamWriter(new OutputStream(Console.OpenStandardOutput()), utf8);
        await using var error = new StreamWriter(new OutputStream(Console.OpenStandardError()), utf8) { AutoFlush = true };
        using var input = new StreamReader(Console.OpenStandardInput(), utf8);
        await using var log = Console.OpenStandardOutput();
        var context = new CliContext
        {
            Out = output,
            Error = error,
            In = input,
            Log = log,
            Environment = ReadEnvironment(),
            Catalog = ServerPipeline.Catalog,
            Hooks = hooks ?? new TalonProgramHooks(),
            HandlesSignals = true,
        };
        return await TalonCommandLine.RunAsync(args, context, CancellationToken.None);
    }

    private static Dictionary<string, string> ReadEnvironment()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        return variables;
    }
}
