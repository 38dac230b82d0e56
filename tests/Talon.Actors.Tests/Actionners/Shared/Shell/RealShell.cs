using System.Diagnostics;
using System.Text;
using Talon.Actors.Actionners.Shared;

namespace Talon.Actors.Tests.Actionners.Shared.Shell;

/// <summary>Runs what Talon would run in a container in a shell of this machine, in a folder of its own.</summary>
internal sealed class RealShell : IDisposable
{
    /// <summary>A file of this name in the folder means that a value was run.</summary>
    public const string Mark = "PWNED";

    private readonly string _folder = Directory.CreateTempSubdirectory("talon-shell-").FullName;

    public static TheoryData<string> Installed { get; } = [.. new[] { "/bin/sh", "/bin/dash", "/bin/bash" }.Where(File.Exists)];

    /// <summary>The files that the commands have left.</summary>
    public string[] Files => [.. Directory.GetFileSystemEntries(_folder).Select(path => Path.GetFileName(path))];

    public (int Code, string Output, string Error) Run(ShellProgram program)
    {
        var start = new ProcessStartInfo(program.Arguments[0])
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
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
            process.StandardInput.BaseStream.Write((program.Input ?? default).Span);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading.
        }

        // Bytes: a reader of text takes a byte order mark at the beginning away.
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return (process.ExitCode, Encoding.UTF8.GetString(output.ToArray()), error.Result);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
