using System.Collections.Concurrent;
using Talon.Actors.Plugins;
using Talon.Host.Hosting;
using Talon.Host.Reload;
using Talon.Host.Tests.Support;
using Talon.Rules.Loading;

namespace Talon.Host.Tests.Reload;

/// <summary>A rule book whose files are watched on the real disk.</summary>
internal sealed class WatchedRules : IAsyncDisposable
{
    private readonly TestMeters _meters = new();
    private readonly RuleWatcher _watcher;
    private int _open;

    private WatchedRules(IReadOnlyList<string> files, RuleWatchOptions options, TimeProvider time, DirectoryWatchFactory start, RuleFileSnapshot? loaded, RuleFilesReader? read)
    {
        var snapshot = loaded ?? RuleFileSnapshot.Read(files);
        var set = RuleLoader.Load(snapshot, PluginCatalog.Default).Rules;
        Assert.NotNull(set);
        Book = new RuleBook(set, _meters.Meters, time);
        _watcher = new RuleWatcher(
            new RuleWatch
            {
                Files = [.. files.Select(RuleFilePath.Of)],
                ContentHash = snapshot.ContentHash,
                Catalog = PluginCatalog.Default,
                Options = options,
                Start = (directory, names, changed, failed) => new Counted(this, start(directory, names, () => Sign(directory, changed), failed)),
                Read = read ?? RuleFileReading.Read,
            },
            Book,
            Log,
            time);
    }

    /// <summary>A poll that never comes, so that only signs help.</summary>
    public static RuleWatchOptions OnlySigns { get; } = new() { Quiet = TimeSpan.FromMilliseconds(50), Poll = TimeSpan.FromDays(1) };

    /// <summary>Watches nothing.</summary>
    public static DirectoryWatchFactory Deaf { get; } = (_, _, _, _) => new MemoryStream();

    public RuleBook Book { get; }

    /// <summary>Whether the log may tell faults: what a test brings about itself.</summary>
    public bool ExpectsFaults { get; set; }

    public ListLog Log { get; } = new();

    /// <summary>The directories that gave signs, one entry a sign.</summary>
    public ConcurrentQueue<string> Signs { get; } = new();

    /// <summary>How many directories are watched at this moment.</summary>
    public int Open => Volatile.Read(ref _open);

    public string Names => string.Join(',', Book.Current.Rules.Select(rule => rule.Name));

    public static async Task<WatchedRules> StartAsync(
        IReadOnlyList<string> files,
        RuleWatchOptions? options = null,
        TimeProvider? time = null,
        DirectoryWatchFactory? start = null,
        RuleFileSnapshot? loaded = null,
        RuleFilesReader? read = null)
    {
        var rules = new WatchedRules(files, options ?? OnlySigns, time ?? TimeProvider.System, start ?? DirectoryWatch.Start, loaded, read);
        await rules._watcher.StartAsync(CancellationToken.None);
        if (start is null)
        {
            await Eventually.TrueAsync(() => rules.Open > 1, "the files are watched");
        }

        return rules;
    }

    public Task AreAsync(string names) => Eventually.TrueAsync(() => Names == names, $"the rules are {names}");

    public Task FailedAsync() => Eventually.TrueAsync(() => Book.Status.Failure is not null, "the files cannot be used");

    public async Task StopAsync()
    {
        await _watcher.StopAsync(CancellationToken.None);
        _watcher.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _meters.Dispose();
        await Eventually.TrueAsync(() => Open == 0, "no directory is watched any more");
        Assert.DoesNotContain(ExpectsFaults ? [] : Log.Lines, line => line.Error?.Contains("fault", StringComparison.Ordinal) == true);
    }

    private void Sign(string directory, Action changed)
    {
        Signs.Enqueue(directory);
        changed();
    }

    private sealed class Counted : IDisposable
    {
        private readonly WatchedRules _rules;
        private readonly IDisposable _watch;

        public Counted(WatchedRules rules, IDisposable watch)
        {
            _rules = rules;
            _watch = watch;
            Interlocked.Increment(ref rules._open);
        }

        public void Dispose()
        {
            Interlocked.Decrement(ref _rules._open);
            _watch.Dispose();
        }
    }
}
