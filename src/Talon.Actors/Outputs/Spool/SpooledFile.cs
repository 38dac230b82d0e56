namespace Talon.Actors.Outputs.Spool;

/// <summary>One artifact in the spool. Disposing of it deletes the file and gives its room back.</summary>
/// <param name="tryTake">Takes so many bytes of the bound of the spool; false when they are not there.</param>
/// <param name="give">Gives bytes back.</param>
internal sealed class SpooledFile(string path, Func<long, bool> tryTake, Action<long> give) : IDisposable
{
    // Large enough for long sequential reads and writes; the content is never in memory as a whole.
    private const int BufferSize = 128 * 1024;

    private long _taken;

    /// <summary>Creates the file, open to nobody but Talon's user. Writing throws <see cref="SpoolFullException"/> when there is no more room.</summary>
    public Stream Create()
    {
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

        return new BoundedStream(new FileStream(path, options), Take);
    }

    /// <summary>Opens the whole file for reading, as often as it is needed. The caller disposes of the stream.</summary>
    public FileStream OpenRead() => new(path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.Read,
        BufferSize = BufferSize,
        Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It goes with the folder, at the next start.
        }

        give(Interlocked.Exchange(ref _taken, 0));
    }

    private void Take(long bytes)
    {
        if (!tryTake(bytes))
        {
            throw new SpoolFullException();
        }

        Interlocked.Add(ref _taken, bytes);
    }
}
