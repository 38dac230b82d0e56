using System.Diagnostics;

namespace Talon.Host.Tests.Support;

/// <summary>Pipes in the file system: opening one waits until somebody writes to it.</summary>
internal static class NamedPipe
{
    public static string Make(string path)
    {
        using var make = Process.Start("mkfifo", [path]);
        make.WaitForExit();
        Assert.Equal(0, make.ExitCode);
        return path;
    }
}
