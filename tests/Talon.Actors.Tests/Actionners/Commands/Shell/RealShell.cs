using System.Diagnostics;
using System.Text;
using Talon.Actors.Actionners.Commands;

namespace Talon.Actors.Tests.Actionners.Commands.Shell;

/// <summary>Runs what Talon would run in a container in a shell of this machine, in a folder of its own.</summary>
internal sealed class RealShell : IDisposable
{
    /// <summary>A file of this name in the folder means that a value was run.</summary>
    public const string Mark = "PWNED";

    private readonly string _folder = Directory.CreateTempSubdirectory("talon-shell-").FullName;

    public static IReadOnlyList<string> Paths { get; } = [.. new[] { "/bin/sh", "/bin/dash", "/bin/bash" }.Where(File.Exists)];

    public static TheoryData<string> Installed { get; } = [.. Paths];

    /// <summary>The files that the commands have left.</summary>
    public string[] Files => [.. Directory.GetFileSystemEntries(_folder).Select(path => Path.GetFileName(path))];

    public async Task<(int Code, string Output, string Error)> RunAsync(ShellProgram program)
    {
        var start = new ProcessStartInfo(program.Arguments[0])
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        foreach (string argument in program.Arguments.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(program.Input ?? default);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading.
        }

        // Bytes: a reader of text takes a byte order mark at the beginning away.
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        return (process.ExitCode, Encoding.UTF8.GetString(output.ToArray()), await error);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
