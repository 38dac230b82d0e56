namespace Talon.Host.Reload;

/// <summary>Watches the entries of one directory.</summary>
/// <param name="directory">The directory.</param>
/// <param name="names">The entries that count.</param>
/// <param name="changed">Called when one of them may have changed, or changes may have been missed.</param>
/// <param name="failed">Called when the directory is no longer watched, with the reason.</param>
/// <returns>Ends the watching when it is disposed.</returns>
/// <exception cref="IOException">The directory cannot be watched: it does not exist, or the system has no more watches to give.</exception>
internal delegate IDisposable DirectoryWatchFactory(
    string directory, IReadOnlySet<string> names, Action changed, Action<Exception> failed);

/// <summary>Watches the entries of one directory by the means of the operating system.</summary>
internal sealed class DirectoryWatch : IDisposable
{
    // Not the last access: reading the files would be a sign of a change.
    private const NotifyFilters Filters =
        NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.Attributes;

    private readonly FileSystemWatcher _watcher;
    private readonly IReadOnlySet<string> _names;
    private readonly Action _changed;

    private DirectoryWatch(string directory, IReadOnlySet<string> names, Action changed, Action<Exception> failed)
    {
        _names = names;
        _changed = changed;
        _watcher = new FileSystemWatcher(directory) { NotifyFilter = Filters };
        _watcher.Changed += (_, e) => Notice(e.Name);
        _watcher.Created += (_, e) => Notice(e.Name);
        _watcher.Deleted += (_, e) => Notice(e.Name);
        _watcher.Renamed += (_, e) =>
        {
            Notice(e.OldName);
            Notice(e.Name);
        };
        _watcher.Error += (_, e) =>
        {
            if (e.GetException() is InternalBufferOverflowException)
            {
                changed();
            }
            else
            {
                failed(e.GetException());
            }
        };
    }

    /// <summary>Begins to watch a directory.</summary>
    /// <inheritdoc cref="DirectoryWatchFactory"/>
    public static IDisposable Start(string directory, IReadOnlySet<string> names, Action changed, Action<Exception> failed)
    {
        try
        {
            var watch = new DirectoryWatch(directory, names, changed, failed);
            try
            {
                watch._watcher.EnableRaisingEvents = true;
                return watch;
            }
            catch
            {
                watch.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is ArgumentException or UnauthorizedAccessException)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _watcher.Dispose();

    private void Notice(string? name)
    {
        if (name is null || _names.Contains(name))
        {
            _changed();
        }
    }
}
