using System.Security.Cryptography;

namespace Talon.Actors.Outputs.LocalFile;

/// <summary>
/// A file in the making: new, open to nobody but Talon's user, under a name that nobody can guess or has planted a link at.
/// Disposing of it before it is placed deletes it.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    public const string Prefix = ".talon-";
    public const string Suffix = ".part";

    // Large enough for long sequential writes; the content is never in memory as a whole.
    private const int BufferSize = 128 * 1024;

    private readonly string _path;
    private bool _placed;

    private TemporaryFile(string path, FileStream stream)
    {
        _path = path;
        Stream = stream;
    }

    public FileStream Stream { get; }

    /// <exception cref="IOException">The file system refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is closed to us.</exception>
    public static TemporaryFile Create(string folder)
    {
        string path = Path.Combine(folder, Prefix + RandomNumberGenerator.GetHexString(32, lowercase: true) + Suffix);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = BufferSize,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new TemporaryFile(path, new FileStream(path, options));
    }

    /// <summary>Flushes everything to the disk and closes the file.</summary>
    public void Finish()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
    }

    /// <summary>Gives the finished file its final name; false when something has it.</summary>
    public bool TryPlace(string final) => _placed = FileSystemCalls.TryPlace(_path, final);

    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // The rest of the buffer could not be written: the file is given up in any case.
        }
        finally
        {
            if (!_placed)
            {
                TryDelete(_path);
            }
        }
    }

    /// <summary>Deletes a file; what cannot be deleted stays until it is swept.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing more can be done here.
        }
    }
}
