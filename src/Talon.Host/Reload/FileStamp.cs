using System.Runtime.InteropServices;
using System.Text;

namespace Talon.Host.Reload;

/// <summary>
/// What tells one state of a file from another without reading it: which file it is, its size, and when its content and its entry
/// were changed. Links are followed. It is asked of the kernel, because .NET knows neither the kind of a file nor its number.
/// </summary>
/// <param name="Kind">What kind of thing it is, in the bits of <c>st_mode</c>.</param>
/// <param name="Device">The file system, as major and minor number.</param>
/// <param name="Number">The number of the file in it.</param>
/// <param name="Size">Its size, in bytes.</param>
/// <param name="Written">When its content was changed, in seconds and nanoseconds since 1970.</param>
/// <param name="Changed">When its entry was changed, in the same way.</param>
internal readonly record struct FileStamp(
    int Kind, (uint Major, uint Minor) Device, ulong Number, ulong Size, (long Seconds, uint Nanoseconds) Written, (long Seconds, uint Nanoseconds) Changed)
{
    // The kernel's struct statx, the same on every architecture: linux/stat.h.
    private const int CurrentDirectory = -100;
    private const uint BasicStats = 0x7ff;
    private const int KindMask = 0xF000;
    private const int RegularKind = 0x8000;

    /// <summary>Whether it is a regular file: no directory, pipe, socket or device.</summary>
    public bool IsRegular => Kind == RegularKind;

    /// <summary>The stamp of a file; null when it cannot be had: it does not exist, or the system is not Linux.</summary>
    /// <param name="path">Its path.</param>
    public static FileStamp? Of(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() && AskKernel(CurrentDirectory, Encoding.UTF8.GetBytes(path + '\0'), flags: 0, BasicStats, out var stat) == 0
                ? new FileStamp(
                    stat.Mode & KindMask,
                    (stat.DeviceMajor, stat.DeviceMinor),
                    stat.Number,
                    stat.Size,
                    (stat.WrittenSeconds, stat.WrittenNanoseconds),
                    (stat.ChangedSeconds, stat.ChangedNanoseconds))
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library older than 2018.
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int AskKernel(int directory, byte[] path, int flags, uint mask, out Statx stat);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private readonly struct Statx
    {
        [FieldOffset(28)]
        public readonly ushort Mode;

        [FieldOffset(32)]
        public readonly ulong Number;

        [FieldOffset(40)]
        public readonly ulong Size;

        [FieldOffset(96)]
        public readonly long ChangedSeconds;

        [FieldOffset(104)]
        public readonly uint ChangedNanoseconds;

        [FieldOffset(112)]
        public readonly long WrittenSeconds;

        [FieldOffset(120)]
        public readonly uint WrittenNanoseconds;

        [FieldOffset(136)]
        public readonly uint DeviceMajor;

        [FieldOffset(140)]
        public readonly uint DeviceMinor;
    }
}
