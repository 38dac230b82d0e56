using System.CommandLine;
using Talon.Host.Composition;
using Talon.Host.Configuration;

namespace Talon.Host.Cli;

/// <summary><c>talon version</c>.</summary>
internal static class VersionCommand
{
    public static Command Make(CliContext context)
    {
        var command = new Command("version", "Print what this build is.");
        command.SetAction((_, _) => RunAsync(context));
        return command;
    }

    /// <summary>Prints the build, the names to the left and the values in one column.</summary>
    public static async Task<int> RunAsync(CliContext context)
    {
        (string Name, string Value)[] lines =
        [
            ("GitVersion", BuildInfo.Version),
            ("GitCommit", BuildInfo.Commit),
            ("GitTreeState", BuildInfo.TreeState),
            ("BuildDate", BuildInfo.BuildDate),
            ("RuntimeVersion", BuildInfo.Runtime),
            ("Platform", BuildInfo.Platform),
        ];
        int width = lines.Max(line => line.Name.Length) + 1;
        foreach (var (name, value) in lines)
        {
            await context.Out.WriteLineAsync($"{(name + ":").PadRight(width)}  {value}");
        }

        await context.Out.WriteLineAsync();
        return ExitCodes.Fine;
    }
}
