using System.Diagnostics;

namespace Talon.Actors.Tests.Outputs.LocalFile;

/// <summary>A file system in memory with little room, mounted on a folder of its own and gone with it.</summary>
internal sealed class SmallDisk : IDisposable
{
    private static readonly Lazy<string?> Tried = new(Try);

    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Why none can be made here; null when one can.</summary>
    public static string? WhyNot => Tried.Value;

    /// <summary>Makes one.</summary>
    /// <param name="options">Its size, as mount takes it: <c>size=64k,nr_inodes=20</c>.</param>
    public static SmallDisk Mount(string options)
    {
        string folder = Directory.CreateTempSubdirectory("talon-disk-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"mode=0700,{options}", "talon-test", folder) is { } problem)
        {
            Directory.Delete(folder);
            throw new InvalidOperationException(problem);
        }

        return new SmallDisk(folder);
    }

    public void Dispose()
    {
        if (Run("umount", Folder) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }

        Directory.Delete(Folder);
    }

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "only root of a Linux may mount a small file system";
        }

        try
        {
            using var disk = Mount("size=64k");
            return null;
        }
        catch (InvalidOperationException e)
        {
            return $"a small file system cannot be mounted here: {e.Message}";
        }
    }

    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{program}: {error.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"{program}: {e.Message}";
        }
    }
}
