using Talon.Actors.Telemetry;
using Talon.Host.Reload;
using Talon.Host.Tests.Support;
using Talon.Rules.Loading.Files;

namespace Talon.Host.Tests.Reload;

/// <summary>The watcher when the disk does not answer, answers with something else, or changes while it is read.</summary>
public sealed class RuleWatcherFaultTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _file;

    public RuleWatcherFaultTests() => _file = _folder.Write("rules.yaml", TestRules.Shell);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Watch_FileReplacedByAPipe_IsRefusedAndTheRepairedFileIsLoaded()
    {
        await using var rules = new WatchedRules([_file]);

        File.Delete(_file);
        NamedPipe.Make(_file);
        await rules.LoadAsync();
        Assert.Equal($"{_file}: the path is not a file; only a regular file can be read again", Assert.Single(rules.Book.Status.Failure!.Errors));
        Assert.Equal("Shell", rules.Names);

        File.Delete(_file);
        _folder.Write("rules.yaml", TestRules.Named("Repaired"));
        await rules.LoadsAsync("Repaired");
    }

    [Fact]
    public async Task Watch_FileReplacedByADirectory_IsRefusedAndTheRepairedFileIsLoaded()
    {
        await using var rules = new WatchedRules([_file]);

        File.Delete(_file);
        Directory.CreateDirectory(_file);
        await rules.LoadAsync();
        Assert.Equal($"{_file}: the path is a directory; name a file in it", Assert.Single(rules.Book.Status.Failure!.Errors));

        Directory.Delete(_file);
        _folder.Write("rules.yaml", TestRules.Named("Repaired"));
        await rules.LoadsAsync("Repaired");
    }

    [Fact]
    public async Task Watch_ReadingHangs_IsToldOnceAndNoSecondOneBeginsUntilItEnds()
    {
        using var hang = new ManualResetEventSlim();
        int reads = 0;
        await using var rules = new WatchedRules([_file], read: files =>
        {
            if (Interlocked.Increment(ref reads) == 1)
            {
                hang.Wait();
            }

            return RuleFileReading.Read(files);
        });
        await rules.StartAsync();

        await Eventually.TrueAsync(() => rules.Time.Reads == 1, "the reading is waited for");
        rules.Time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(() => rules.Book.Status.Failure is not null, "the failed reading is told");
        for (int i = 0; i < 1000; i++)
        {
            rules.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal($"the rule files cannot be read: no answer within 10 s ({_file})", Assert.Single(rules.Book.Status.Failure!.Errors));
        Assert.Equal(1, Volatile.Read(ref reads));
        Assert.Equal(2, rules.Log.Lines.Count);

        _folder.Write("rules.yaml", TestRules.Named("Repaired"));
        hang.Set();
        for (int waits = 1; waits <= 2; waits++)
        {
            await Eventually.TrueAsync(() => rules.Time.Waits == waits, "the next reading is waited for");
            Assert.Equal("Shell", rules.Names);
            rules.Time.Advance(TimeSpan.FromSeconds(2));
        }

        await Eventually.TrueAsync(() => rules.Names == "Repaired", "the repaired file is loaded");
        Assert.Null(rules.Book.Status.Failure);
    }

    [Fact]
    public async Task Stop_ReadingHangs_DoesNotWaitForIt()
    {
        using var hang = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        await using var rules = new WatchedRules([_file], read: files =>
        {
            begun.Set();
            hang.Wait();
            return RuleFileReading.Read(files);
        });
        await rules.StartAsync();
        await Eventually.TrueAsync(() => begun.IsSet, "the reading has begun");

        try
        {
            await rules.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
        finally
        {
            hang.Set();
        }
    }

    [Fact]
    public async Task Watch_FilesChangeBetweenTheReadings_AreLoadedOnlyOnceTheyStay()
    {
        await using var rules = new WatchedRules([_file]);

        for (int i = 0; i < 30; i++)
        {
            _folder.Write("rules.yaml", TestRules.Named($"Restless {i}"));
            await rules.CompareAsync();
            rules.Time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal("Shell", rules.Names);
        Assert.Empty(rules.Log.Lines);
        for (int i = 0; i < 30; i++)
        {
            _folder.Write("rules.yaml", TestRules.Named($"Restless still {i}"));
            await rules.CompareAsync();
            rules.Time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal("Shell", rules.Names);
        Assert.Equal(
            "the rule files have changed during every look for 60 s: they are loaded once they stay as they are", Assert.Single(rules.Log.Lines).Result);

        _folder.Write("rules.yaml", TestRules.Named("Steady"));
        await rules.LoadsAsync("Steady");
        Assert.Equal(2, rules.Log.Lines.Count);
    }

    /// <summary>
    /// Two files through one link that is swapped at every possible moment of a reading, and between two of them. The version is another
    /// at most once from the beginning of one reading to that of the next.
    /// </summary>
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(0, 1, 2)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 3)]
    [InlineData(1, 3, 1)]
    public async Task Watch_TwoFilesThroughOneLinkThatIsSwapped_AreNeverTakenFromTwoVersions(int first, int second, int third)
    {
        var mount = ConfigMapFolder.Create(_folder.Path, TestRules.Named("a0"), Second("a1"));
        string set = "a";
        int step = 0;
        int swapAt = 3;
        await using var rules = new WatchedRules(
            [mount.File, mount.Second],
            read: files =>
            {
                var snapshot = RuleFileSnapshot.Read(files, _ => Passes());
                Passes();
                return snapshot;
            });

        foreach (int moment in new[] { first, second, third, first, second, third })
        {
            (step, swapAt) = (0, moment);
            await rules.CompareAsync();
            Assert.Contains(rules.Names, new[] { "a0,a1", "b0,b1" });
        }

        (step, swapAt) = (0, 3);
        await rules.LoadsAsync($"{set}0,{set}1");

        // Before the first file, between the two, and after the second.
        bool Passes()
        {
            if (step++ == swapAt)
            {
                set = set == "a" ? "b" : "a";
                mount.Swap(TestRules.Named($"{set}0"), Second($"{set}1"));
            }

            return true;
        }
    }

    [Theory]
    [InlineData(true, "the rule files cannot be read: gone")]
    [InlineData(false, "a fault in the watching of rules: *InvalidOperationException: gone*")]
    public async Task Watch_ReadingThrows_IsAFailedReloadToldOnce(bool expected, string told)
    {
        bool repaired = false;
        await using var rules = new WatchedRules(
            [_file],
            read: files => repaired ? RuleFileReading.Read(files) : throw (expected ? new IOException("gone") : new InvalidOperationException("gone")));

        rules.ExpectsFaults = !expected;
        for (int i = 0; i < 5; i++)
        {
            await rules.CompareAsync();
        }

        string error = Assert.Single(rules.Book.Status.Failure!.Errors);
        Assert.Matches($"^{told.Replace("*", ".*", StringComparison.Ordinal)}$", error);
        Assert.Equal([LogLineLevel.Error, LogLineLevel.Error], rules.Log.Lines.Select(line => line.Level));
        Assert.Equal(!expected, error.Contains("   at ", StringComparison.Ordinal));

        repaired = true;
        await rules.LoadsAsync("Shell");
        Assert.Equal(3, rules.Log.Lines.Count);
    }

    // The action of the other file is there in one that goes with it only.
    private static string Second(string rule) => $"- rule: {rule}\n  match:\n    source: syscall\n  actions:\n    - action: Terminate Pod\n";
}
