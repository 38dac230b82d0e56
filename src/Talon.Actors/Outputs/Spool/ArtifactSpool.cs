using System.Security.Cryptography;
using Talon.Actors.Pipeline;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Outputs.Spool;

/// <summary>
/// Keeps artifacts on the disk until a remote output has them, so that size and digest are known before and an upload can be repeated. All
/// of them together have a bound. Each process has a folder of its own; what a process that is gone has left is deleted.
/// </summary>
internal sealed class ArtifactSpool(SpoolOptions options)
{
    private const string LockName = "lock";

    private readonly Lock _gate = new();

    // Held for the life of the process: whoever can open it knows that the process is gone.
    private FileStream? _lock;
    private string? _folder;
    private long _used;

    /// <summary>How many bytes of the bound are taken.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Deletes what processes that are gone have left. Does nothing where there is no spool yet.</summary>
    public void Clear()
    {
        try
        {
            foreach (var folder in new DirectoryInfo(options.Path).EnumerateDirectories())
            {
                DeleteAbandoned(folder.FullName);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is none, or it is closed to us: the first artifact says so.
        }
    }

    /// <summary>Whether an artifact could begin to be taken: null when it could, otherwise how the action ends.</summary>
    public ActionOutcome.Failed? Check()
    {
        try
        {
            Open();
            return Used < options.MaxSize ? null : Full();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unusable(e);
        }
    }

    /// <summary>Writes the artifact to a file. Whoever takes the file disposes of it.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing is left behind.</exception>
    public async Task<SpoolResult> TakeAsync(Artifact artifact, CancellationToken cancellationToken)
    {
        SpooledFile? file = null;
        bool kept = false;
        try
        {
            file = new SpooledFile(Path.Combine(Open(), RandomNumberGenerator.GetHexString(32, lowercase: true)), TryTake, Give);
            ArtifactContent content;
            await using (var stream = file.Create())
            {
                content = await artifact.WriteToAsync(stream, cancellationToken);
            }

            kept = content is ArtifactContent.Whole;
            return content switch
            {
                ArtifactContent.Whole whole => new SpoolResult.Taken(file, whole),
                ArtifactContent.Broken broken => new SpoolResult.Failed(broken.Why) { IsOfArtifact = true },
                _ => throw new InvalidOperationException($"no such content: {content}"),
            };
        }
        catch (SpoolFullException)
        {
            return new SpoolResult.Failed(Full());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new SpoolResult.Failed(Unusable(e));
        }
        finally
        {
            if (!kept)
            {
                file?.Dispose();
            }
        }
    }

    private static void DeleteAbandoned(string folder)
    {
        try
        {
            using (new FileStream(Path.Combine(folder, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process lives in it, or it is none of ours.
        }
    }

    private ActionOutcome.Failed Full() => new(
        FailureKind.ServerError,
        $"the spool in '{OneLine.From(options.Path)}' is full: {Used} of the {options.MaxSize} bytes of outputs.spool.max_size are taken by artifacts that wait for their upload",
        Objects.None);

    private ActionOutcome.Failed Unusable(Exception e) => new(
        FailureKind.ServerError, $"the spool in '{OneLine.From(options.Path)}' (outputs.spool.path) cannot be used: {OneLine.From(e.Message)}", Objects.None);

    private bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= options.MaxSize)
        {
            return true;
        }

        Give(bytes);
        return false;
    }

    private void Give(long bytes) => Interlocked.Add(ref _used, -bytes);

    private string Open()
    {
        lock (_gate)
        {
            // What cleans /tmp may have taken it away.
            if (_folder is not null && Directory.Exists(_folder))
            {
                return _folder;
            }

            _lock?.Dispose();
            string folder = Path.Combine(options.Path, RandomNumberGenerator.GetHexString(32, lowercase: true));
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            _lock = new FileStream(Path.Combine(folder, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            return _folder = folder;
        }
    }
}
