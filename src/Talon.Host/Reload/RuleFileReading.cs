using System.Runtime.InteropServices;
using System.Text;
using Talon.Rules.Loading.Files;

namespace Talon.Host.Reload;

/// <summary>Reads the rule files once.</summary>
internal delegate RuleFileSnapshot RuleFilesReader(IReadOnlyList<RuleFilePath> files);

/// <summary>Reads the rule files without ever opening something that may block.</summary>
internal static class RuleFileReading
{
    // linux/stat.h
    private const int CurrentDirectory = -100;
    private const uint TypeWanted = 0x1;
    private const int TypeMask = 0xF000;
    private const int RegularType = 0x8000;

    /// <summary>Reads the files; only regular ones are opened.</summary>
    /// <inheritdoc cref="RuleFilesReader"/>
    public static RuleFileSnapshot Read(IReadOnlyList<RuleFilePath> files) => RuleFileSnapshot.Read(files, IsRegular);

    /// <summary>
    /// Whether a path is a regular file; also true when the system does not say. .NET cannot tell a pipe from a file, and opening a
    /// pipe that nobody writes to never returns: so the kernel is asked.
    /// </summary>
    /// <param name="path">The path; links are followed.</param>
    public static bool IsRegular(string path)
    {
        try
        {
            return !OperatingSystem.IsLinux()
                || AskKernel(CurrentDirectory, Encoding.UTF8.GetBytes(path + '\0'), flags: 0, TypeWanted, out var stat) != 0
                || (stat.Mode & TypeMask) == RegularType;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library older than 2018.
            return true;
        }
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int AskKernel(int directory, byte[] path, int flags, uint mask, out Statx stat);

    // The kernel's struct statx has the same layout on every architecture, unlike struct stat.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private readonly struct Statx
    {
        [FieldOffset(28)]
        public readonly ushort Mode;
    }
}
