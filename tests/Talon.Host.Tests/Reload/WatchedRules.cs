using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Catalog;
using Talon.Host.Reload;
using Talon.Host.Tests.Support;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;

namespace Talon.Host.Tests.Reload;

/// <summary>A rule book whose files are compared on the real disk, whenever the test says so or by a clock that the test moves.</summary>
internal sealed class WatchedRules : IAsyncDisposable
{
    private readonly TestMeters _meters = new();
    private readonly RuleWatcher _watcher;

    public WatchedRules(IReadOnlyList<string> files, RuleFileSnapshot? loaded = null, RuleFilesReader? read = null)
    {
        var snapshot = loaded ?? RuleFileSnapshot.Read(files);
        var set = RuleLoader.Load(snapshot, PluginCatalog.Default).Rules;
        Assert.NotNull(set);
        Book = new RuleBook(set, _meters.Meters, Time);
        _watcher = new RuleWatcher(
            new RuleWatch
            {
                Files = [.. files.Select(RuleFilePath.Of)],
                ContentHash = snapshot.ContentHash,
                Catalog = PluginCatalog.Default,
                Read = read ?? RuleFileReading.Read,
            },
            Book,
            Log,
            Time);
    }

    public WatchClock Time { get; } = new();

    public RuleBook Book { get; }

    /// <summary>Whether the log may tell faults: what a test brings about itself.</summary>
    public bool ExpectsFaults { get; set; }

    public ListLog Log { get; } = new();

    public string Names => string.Join(',', Book.Current.Rules.Select(rule => rule.Name));

    /// <summary>Starts the watcher; it compares when the clock is moved.</summary>
    public Task StartAsync() => _watcher.StartAsync(CancellationToken.None);

    /// <summary>Has the files compared once.</summary>
    public Task CompareAsync() => _watcher.CompareAsync(CancellationToken.None);

    /// <summary>Has the files compared twice, which is what a change takes.</summary>
    public async Task LoadAsync()
    {
        await CompareAsync();
        await CompareAsync();
    }

    public async Task LoadsAsync(string names)
    {
        await LoadAsync();
        Assert.Equal(names, Names);
        Assert.Null(Book.Status.Failure);
    }

    public async Task StopAsync()
    {
        await _watcher.StopAsync(CancellationToken.None);
        _watcher.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _meters.Dispose();
        Assert.DoesNotContain(ExpectsFaults ? [] : Log.Lines, line => line.Error?.Contains("fault", StringComparison.Ordinal) == true);
    }

    /// <summary>A clock that counts how often the watcher has begun to wait for its next reading.</summary>
    internal sealed class WatchClock : FakeTimeProvider
    {
        private static readonly RuleWatchOptions Options = new();
        private int _waits;
        private int _reads;

        /// <summary>How many readings are done.</summary>
        public int Waits => Volatile.Read(ref _waits);

        /// <summary>How many readings were waited for, because they were not done at once.</summary>
        public int Reads => Volatile.Read(ref _reads);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == Options.Interval)
            {
                Interlocked.Increment(ref _waits);
            }
            else if (dueTime == Options.LongestRead)
            {
                Interlocked.Increment(ref _reads);
            }

            return timer;
        }
    }
}
