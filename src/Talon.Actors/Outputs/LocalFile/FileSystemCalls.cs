using System.Runtime.InteropServices;

namespace Talon.Actors.Outputs.LocalFile;

/// <summary>The calls of POSIX that .NET has no method for.</summary>
internal static class FileSystemCalls
{
    private const int Exists = 17;
    private const int NotPermitted = 1;
    private const int NotImplemented = 38;
    private const int NotSupported = 95;
    private const int NotSupportedOnMac = 45;
    private const int TooManyLinks = 31;

    /// <summary>
    /// Gives a file its final name if nothing has that name, not even a link to nowhere; whether it did. One step of the file system
    /// (<c>link</c>): nobody ever sees half a file there, and two that want one name cannot both get it. <see cref="File.Move(string, string)"/>
    /// checks first and renames then, over whatever came in between.
    /// </summary>
    /// <exception cref="IOException">The file system refuses.</exception>
    public static bool TryPlace(string temporary, string final)
    {
        if (OperatingSystem.IsWindows())
        {
            return TryMove(temporary, final);
        }

        if (Link(temporary, final) == 0)
        {
            TemporaryFile.TryDelete(temporary);
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error switch
        {
            Exists => false,

            // Some network file systems and FAT know no hard links. There the name is checked and then taken: two of Talon's own
            // files differ by their event and ordinal, so only somebody who may write to the folder could come in between.
            NotPermitted or NotImplemented or NotSupported or NotSupportedOnMac or TooManyLinks => TryMove(temporary, final),
            _ => throw new IOException(Marshal.GetPInvokeErrorMessage(error), error),
        };
    }

    /// <summary>Makes the names in a folder durable, as far as the system allows: a file does not hold its own name.</summary>
    public static void TrySync(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // O_RDONLY: a folder can be opened for nothing else.
        int descriptor = Open(folder, 0);
        if (descriptor >= 0)
        {
            _ = Sync(descriptor);
            _ = Close(descriptor);
        }
    }

    private static bool TryMove(string temporary, string final)
    {
        try
        {
            File.Move(temporary, final, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(final) || Directory.Exists(final))
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
