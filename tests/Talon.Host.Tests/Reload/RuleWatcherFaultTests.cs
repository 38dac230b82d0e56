using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Telemetry;
using Talon.Host.Reload;
using Talon.Host.Tests.Support;
using Talon.Rules.Loading;

namespace Talon.Host.Tests.Reload;

/// <summary>The watcher when the disk does not answer, answers with something else, or changes while it is read.</summary>
[Collection(Meters.Name)]
public sealed class RuleWatcherFaultTests : IDisposable
{
    private static readonly RuleWatchOptions Fast = new() { Quiet = TimeSpan.FromMilliseconds(20), Poll = TimeSpan.FromMilliseconds(50) };

    private readonly TempFolder _folder = new();
    private readonly string _file;

    public RuleWatcherFaultTests() => _file = _folder.Write("rules.yaml", TestRules.Shell);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Watch_FileReplacedByAPipe_IsRefusedAndTheRepairedFileIsLoaded()
    {
        await using var rules = await WatchedRules.StartAsync([_file]);

        File.Delete(_file);
        NamedPipe.Make(_file);
        await Eventually.TrueAsync(
            () => rules.Book.Status.Failure?.Errors is [var error] && error == $"{_file}: the path is not a file; only a regular file can be read again",
            "the pipe is refused");
        Assert.Equal("Shell", rules.Names);

        File.Delete(_file);
        _folder.Write("rules.yaml", TestRules.Named("Repaired"));
        await rules.AreAsync("Repaired");
    }

    [Fact]
    public async Task Watch_ReadingHangs_IsToldOnceAndNoSecondOneBeginsUntilItEnds()
    {
        var time = new FakeTimeProvider();
        using var hang = new ManualResetEventSlim();
        int reads = 0;
        await using var rules = await WatchedRules.StartAsync([_file], Fast, time, WatchedRules.Deaf, read: files =>
        {
            if (Interlocked.Increment(ref reads) == 1)
            {
                hang.Wait();
            }

            return RuleFileReading.Read(files);
        });

        await Eventually.TrueAsync(() => Volatile.Read(ref reads) == 1, "the reading has begun");
        await AdvanceAsync(time, () => rules.Book.Status.Failure is not null);
        for (int i = 0; i < 1000; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal($"the rule files cannot be read: no answer within 10 s ({_file})", Assert.Single(rules.Book.Status.Failure!.Errors));
        Assert.Equal(1, Volatile.Read(ref reads));
        Assert.Equal(2, rules.Log.Lines.Count);

        _folder.Write("rules.yaml", TestRules.Named("Repaired"));
        hang.Set();
        await AdvanceAsync(time, () => rules.Names == "Repaired");
        Assert.Null(rules.Book.Status.Failure);
    }

    [Fact]
    public async Task Stop_ReadingHangs_DoesNotWaitForIt()
    {
        using var hang = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        await using var rules = await WatchedRules.StartAsync([_file], Fast, start: WatchedRules.Deaf, read: files =>
        {
            begun.Set();
            hang.Wait();
            return RuleFileReading.Read(files);
        });
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
        using var steady = new ManualResetEventSlim();
        int reads = 0;
        await using var rules = await WatchedRules.StartAsync([_file], Fast, start: WatchedRules.Deaf, read: _ =>
        {
            string text = TestRules.Named(steady.IsSet ? "Steady" : $"Torn {Interlocked.Increment(ref reads)}");
            return RuleFileSnapshot.Read([_folder.Write("other.yaml", text)]);
        });

        await Eventually.TrueAsync(() => Volatile.Read(ref reads) > 10, "the files are read again and again");
        Assert.Equal("Shell", rules.Names);
        steady.Set();

        await rules.AreAsync("Steady");
        await Eventually.TrueAsync(() => !rules.Log.Lines.IsEmpty, "the reload is told");
        Assert.DoesNotContain(rules.Log.Lines, line => line.Result?.Contains("Torn", StringComparison.Ordinal) == true);
        Assert.Single(rules.Log.Lines);
    }

    [Fact]
    public async Task Watch_SignDuringTheReading_PutsItOff()
    {
        _folder.Write("rules.yaml", TestRules.Named("Other"));
        var loaded = RuleFileSnapshot.Read([_folder.Write("loaded.yaml", TestRules.Shell)]);
        int reads = 0;
        Action? changed = null;
        await using var rules = await WatchedRules.StartAsync(
            [_file],
            Fast,
            start: (_, _, notice, _) =>
            {
                changed = notice;
                return new MemoryStream();
            },
            loaded: loaded,
            read: files =>
            {
                if (Interlocked.Increment(ref reads) < 20)
                {
                    changed!();
                }

                return RuleFileReading.Read(files);
            });

        await rules.AreAsync("Other");

        Assert.InRange(Volatile.Read(ref reads), 21, int.MaxValue);
    }

    [Fact]
    public async Task Watch_TwoFilesThroughOneLinkThatIsSwappedAllTheTime_AreNeverTakenFromTwoVersions()
    {
        var mount = ConfigMapFolder.Create(_folder.Path, TestRules.Named("a0"), Second("a1"));
        string[] files = [mount.File, mount.Second];
        var restless = new RuleWatchOptions { Quiet = TimeSpan.Zero, Poll = TimeSpan.FromMilliseconds(1) };

        // Without watches: looks this often would use up those of the system, and no sign helps.
        await using var rules = await WatchedRules.StartAsync(files, restless, start: WatchedRules.Deaf);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(5));

        string last = "";
        var swaps = Task.Run(
            () =>
            {
                for (int i = 1; !end.IsCancellationRequested; i++)
                {
                    string set = i % 2 == 0 ? "a" : "b";
                    last = $"{set}0,{set}1";
                    mount.Swap(TestRules.Named($"{set}0"), Second($"{set}1"));
                }
            },
            CancellationToken.None);
        while (!swaps.IsCompleted)
        {
            seen.Add(rules.Names);
            await Task.Yield();
        }

        await swaps;
        await rules.AreAsync(last);
        Assert.All(seen, names => Assert.Contains(names, new[] { "a0,a1", "b0,b1" }));
    }

    [Fact]
    public async Task Watch_WatchesThatFailOddly_CostNoLook()
    {
        await using var rules = await WatchedRules.StartAsync([_file], Fast, start: (_, _, _, _) => throw new InvalidOperationException("odd"));

        _folder.Write("rules.yaml", TestRules.Named("Other"));

        await rules.AreAsync("Other");
    }

    [Theory]
    [InlineData(true, "the rule files cannot be read: gone")]
    [InlineData(false, "a fault in the watching of rules: *InvalidOperationException: gone*")]
    public async Task Watch_ReadingThrows_IsAFailedReloadToldOnce(bool expected, string told)
    {
        int reads = 0;
        using var repaired = new ManualResetEventSlim();
        await using var rules = await WatchedRules.StartAsync([_file], Fast, start: WatchedRules.Deaf, read: files =>
        {
            Interlocked.Increment(ref reads);
            return repaired.IsSet ? RuleFileReading.Read(files) : throw (expected ? new IOException("gone") : new InvalidOperationException("gone"));
        });

        rules.ExpectsFaults = !expected;
        await Eventually.TrueAsync(() => Volatile.Read(ref reads) > 5, "the files are read again and again");
        string error = Assert.Single(rules.Book.Status.Failure!.Errors);
        Assert.Matches($"^{told.Replace("*", ".*", StringComparison.Ordinal)}$", error);
        Assert.Equal([LogLineLevel.Error, LogLineLevel.Error], rules.Log.Lines.Select(line => line.Level));
        Assert.Equal(!expected, error.Contains("   at ", StringComparison.Ordinal));

        repaired.Set();
        await Eventually.TrueAsync(() => rules.Log.Lines.Count > 2, "the error is cleared");
        Assert.Null(rules.Book.Status.Failure);
        Assert.Equal(3, rules.Log.Lines.Count);
    }

    // The action of the other file is there in one that goes with it only.
    private static string Second(string rule) => $"- rule: {rule}\n  match:\n    source: syscall\n  actions:\n    - action: Terminate Pod\n";

    private static Task AdvanceAsync(FakeTimeProvider time, Func<bool> condition) => Eventually.TrueAsync(
        () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            return condition();
        },
        "the time has come");
}
