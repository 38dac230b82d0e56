using Talon.Actors.Outputs.Spool;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Outputs.Spool;

public sealed class ArtifactSpoolTests : IDisposable
{
    private const int Bound = 1000;

    private readonly TempFolder _folder = new();
    private readonly ArtifactSpool _spool;

    public ArtifactSpoolTests() => _spool = Spool();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Take_Artifact_IsReadBackOftenAndGoneAtTheEnd()
    {
        var taken = Assert.IsType<SpoolResult.Taken>(await _spool.TakeAsync(Artifacts.Of("a.txt", "evidence"), default));

        for (int time = 0; time < 2; time++)
        {
            await using var stream = taken.File.OpenRead();
            using var reader = new StreamReader(stream);
            Assert.Equal("evidence", await reader.ReadToEndAsync());
        }

        Assert.Equal(8, taken.Content.Bytes);
        Assert.Equal(8, _spool.Used);
        taken.File.Dispose();
        taken.File.Dispose();
        Assert.Equal(0, _spool.Used);
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Take_File_IsForTalonsUserOnly()
    {
        var taken = Assert.IsType<SpoolResult.Taken>(await _spool.TakeAsync(Artifacts.Of("a.txt"), default));

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Files())));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(Files().Single())!));
        }

        taken.File.Dispose();
    }

    [Fact]
    public async Task Take_SeveralAtATime_CountTogether()
    {
        var begun = new TaskCompletionSource();
        var end = new TaskCompletionSource();
        var first = _spool.TakeAsync(Writing(600, begun, end.Task), default);
        await begun.Task;

        var second = Failure(await _spool.TakeAsync(Writing(600), default));

        Assert.Equal(FailureKind.ServerError, second.Kind);
        Assert.Contains("outputs.spool.max_size", second.Reason, StringComparison.Ordinal);
        Assert.Equal(600, _spool.Used);
        end.SetResult();
        var taken = Assert.IsType<SpoolResult.Taken>(await first);
        Assert.Single(Files());
        taken.File.Dispose();
        Assert.IsType<SpoolResult.Taken>(await _spool.TakeAsync(Writing(Bound), default)).File.Dispose();
    }

    [Fact]
    public async Task Check_Full_SaysSo()
    {
        Assert.Null(_spool.Check());
        var taken = Assert.IsType<SpoolResult.Taken>(await _spool.TakeAsync(Writing(Bound), default));

        Assert.Contains("is full", _spool.Check()?.Reason, StringComparison.Ordinal);
        taken.File.Dispose();
        Assert.Null(_spool.Check());
    }

    [Fact]
    public async Task Take_BrokenArtifact_LeavesNothing()
    {
        var broken = new ActionOutcome.Failed(FailureKind.ConnectionLost, "the stream broke", System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty);
        var failed = Failure(await _spool.TakeAsync(
            Artifacts.Writing("a", async (stream, token) =>
            {
                await stream.WriteAsync(new byte[100], token);
                return broken;
            }),
            default));

        Assert.Same(broken, failed);
        NothingIsLeft();
    }

    [Fact]
    public async Task Take_Cancelled_LeavesNothing()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _spool.TakeAsync(
            Artifacts.Writing("a", async (stream, token) =>
            {
                await stream.WriteAsync(new byte[100], token);
                await stop.CancelAsync();
                token.ThrowIfCancellationRequested();
                return null;
            }),
            stop.Token));

        NothingIsLeft();
    }

    [Fact]
    public async Task Take_FaultInTheArtifact_LeavesNothing()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _spool.TakeAsync(
            Artifacts.Writing("a", async (stream, token) =>
            {
                await stream.WriteAsync(new byte[100], token);
                throw new InvalidOperationException("a fault");
            }),
            default));

        NothingIsLeft();
    }

    [Fact]
    public void Check_FolderCannotBeMade_SaysWhichKey()
    {
        var spool = new ArtifactSpool(new SpoolOptions { Path = Path.Combine(_folder.Write("file", ""), "spool") });

        Assert.Contains("outputs.spool.path", spool.Check()?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_FolderTakenAway_IsMadeAnew()
    {
        Assert.Null(_spool.Check());
        Directory.Delete(Root, recursive: true);

        Assert.IsType<SpoolResult.Taken>(await _spool.TakeAsync(Artifacts.Of("a.txt"), default)).File.Dispose();
    }

    [Fact]
    public async Task Clear_FoldersOfProcesses_DeletesThoseThatAreGone()
    {
        var living = Assert.IsType<SpoolResult.Taken>(await _spool.TakeAsync(Artifacts.Of("a.txt"), default));
        string gone = Directory.CreateDirectory(Path.Combine(Root, "0123456789abcdef")).FullName;
        await File.WriteAllTextAsync(Path.Combine(gone, "lock"), "");
        await File.WriteAllTextAsync(Path.Combine(gone, "artifact"), "left by a process that was killed");
        string foreign = Directory.CreateDirectory(Path.Combine(Root, "foreign")).FullName;

        Spool().Clear();

        Assert.False(Directory.Exists(gone));
        Assert.True(Directory.Exists(foreign));
        await using (living.File.OpenRead())
        {
            living.File.Dispose();
        }
    }

    [Fact]
    public void Clear_NoSpoolYet_DoesNothing()
    {
        Spool().Clear();

        Assert.False(Directory.Exists(Root));
    }

    private string Root => Path.Combine(_folder.Path, "spool");

    private ArtifactSpool Spool() => new(new SpoolOptions { Path = Root, MaxSize = Bound });

    private IEnumerable<string> Files() => Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock");

    private void NothingIsLeft()
    {
        Assert.Empty(Files());
        Assert.Equal(0, _spool.Used);
    }

    private static ActionOutcome.Failed Failure(SpoolResult result) => Assert.IsType<SpoolResult.Failed>(result).Why;

    private static Artifact Writing(int bytes, TaskCompletionSource? begun = null, Task? end = null) => Artifacts.Writing("a", async (stream, token) =>
    {
        await stream.WriteAsync(new byte[bytes], token);
        begun?.SetResult();
        await (end ?? Task.CompletedTask);
        return null;
    });
}
