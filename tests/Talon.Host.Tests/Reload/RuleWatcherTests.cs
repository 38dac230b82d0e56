using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Telemetry;
using Talon.Host.Reload;
using Talon.Host.Tests.Support;
using Talon.Rules.Loading;

namespace Talon.Host.Tests.Reload;

/// <summary>The watcher on the real disk. Unless a test says otherwise only signs of the system lead to a look.</summary>
[Collection(Meters.Name)]
public sealed class RuleWatcherTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _file;

    public RuleWatcherTests() => _file = _folder.Write("rules.yaml", TestRules.Shell);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Watch_PlainWrite_IsLoaded()
    {
        await using var rules = await WatchedRules.StartAsync([_file]);

        _folder.Write("rules.yaml", TestRules.Named("First"));
        await rules.AreAsync("First");
        _folder.Write("rules.yaml", TestRules.Named("Second"));
        await rules.AreAsync("Second");
    }

    [Fact]
    public async Task Watch_EditorThatRenames_IsLoadedEachTime()
    {
        await using var rules = await WatchedRules.StartAsync([_file]);

        foreach (string name in new[] { "First", "Second", "Third" })
        {
            // A backup of the old file, then the new one under its name.
            File.Move(_file, _file + "~", overwrite: true);
            File.Move(_folder.Write(".rules.yaml.swp", TestRules.Named(name)), _file);
            await rules.AreAsync(name);
        }
    }

    [Fact]
    public async Task Watch_FileGoneForAWhile_KeepsTheSetAndLoadsTheNewFile()
    {
        await using var rules = await WatchedRules.StartAsync([_file]);

        File.Delete(_file);
        await rules.FailedAsync();
        Assert.Equal("Shell", rules.Names);
        _folder.Write("rules.yaml", TestRules.Named("Back"));

        await rules.AreAsync("Back");
        Assert.Null(rules.Book.Status.Failure);
    }

    [Fact]
    public async Task Watch_DirectoryGoneForAWhile_LoadsTheNewFile()
    {
        string directory = Directory.CreateDirectory(Path.Combine(_folder.Path, "a", "b")).FullName;
        string file = _folder.Write("a/b/rules.yaml", TestRules.Shell);
        await using var rules = await WatchedRules.StartAsync([file]);

        Directory.Delete(Path.Combine(_folder.Path, "a"), recursive: true);
        await rules.FailedAsync();
        Directory.CreateDirectory(directory);
        _folder.Write("a/b/rules.yaml", TestRules.Named("Back"));
        await rules.AreAsync("Back");

        _folder.Write("a/b/rules.yaml", TestRules.Named("Again"));
        await rules.AreAsync("Again");
    }

    [Fact]
    public async Task Watch_DirectoryReplacedByARename_LoadsWhatItHoldsAndLaterChanges()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "live"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "next"));
        string file = _folder.Write("live/rules.yaml", TestRules.Shell);
        _folder.Write("next/rules.yaml", TestRules.Named("Next"));
        await using var rules = await WatchedRules.StartAsync([file]);

        Directory.Move(Path.Combine(_folder.Path, "live"), Path.Combine(_folder.Path, "old"));
        Directory.Move(Path.Combine(_folder.Path, "next"), Path.Combine(_folder.Path, "live"));
        await rules.AreAsync("Next");
        _folder.Write("live/rules.yaml", TestRules.Named("Later"));

        await rules.AreAsync("Later");
    }

    [Fact]
    public async Task Watch_ConfigMapSwaps_AreAllLoaded()
    {
        var mount = ConfigMapFolder.Create(_folder.Path, TestRules.Shell);
        await using var rules = await WatchedRules.StartAsync([mount.File]);

        foreach (string name in new[] { "First", "Second", "Third" })
        {
            mount.Swap(TestRules.Named(name));
            await rules.AreAsync(name);
        }

        // Nothing but the folder behind the third swap gives a sign of this.
        File.WriteAllText(Path.Combine(mount.Version, "rules.yaml"), TestRules.Named("In place"));
        await rules.AreAsync("In place");

        Assert.Null(rules.Book.Status.Failure);
        Assert.Equal(4, rules.Log.Lines.Count);
    }

    [Fact]
    public async Task Watch_LinkToOneFile_FollowsTheTargetAndTheLink()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "elsewhere"));
        string target = _folder.Write("elsewhere/team.yaml", TestRules.Shell);
        string link = File.CreateSymbolicLink(Path.Combine(_folder.Path, "link.yaml"), target).FullName;
        await using var rules = await WatchedRules.StartAsync([link]);

        _folder.Write("elsewhere/team.yaml", TestRules.Named("Edited"));
        await rules.AreAsync("Edited");
        string other = _folder.Write("other.yaml", TestRules.Named("Other"));
        File.Delete(link);
        File.CreateSymbolicLink(link, other);
        await rules.AreAsync("Other");
        _folder.Write("other.yaml", TestRules.Named("Other edited"));
        await rules.AreAsync("Other edited");
    }

    [Fact]
    public async Task Watch_TwoFilesOneAfterTheOther_AreReadAsOneSet()
    {
        var time = new FakeTimeProvider();
        Directory.CreateDirectory(Path.Combine(_folder.Path, "second"));
        string second = _folder.Write("second/rules.yaml", TestRules.Named("Second"));
        await using var rules = await WatchedRules.StartAsync([_file, second], new RuleWatchOptions { LongestRead = TimeSpan.FromDays(1) }, time);

        _folder.Write("rules.yaml", TestRules.Named("One"));
        await Eventually.TrueAsync(() => rules.Signs.Contains(_folder.Path), "the first file is noticed");
        time.Advance(TimeSpan.FromMilliseconds(400));
        _folder.Write("second/rules.yaml", TestRules.Named("Two"));
        await Eventually.TrueAsync(() => rules.Signs.Contains(Path.GetDirectoryName(second)), "the second file is noticed");
        time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal("Shell,Second", rules.Names);

        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(10));
                return rules.Names == "One,Two";
            },
            "both are loaded");
        Assert.Single(rules.Log.Lines);
    }

    [Fact]
    public async Task Watch_BrokenFileThenRepaired_KeepsTheSetMeanwhile()
    {
        await using var rules = await WatchedRules.StartAsync([_file]);
        var set = rules.Book.Current;

        _folder.Write("rules.yaml", "- rule: [");
        await rules.FailedAsync();
        Assert.Same(set, rules.Book.Current);

        _folder.Write("rules.yaml", TestRules.Shell);
        await Eventually.TrueAsync(() => rules.Book.Status.Failure is null, "the error is cleared");
        Assert.Same(set, rules.Book.Current);
    }

    [Fact]
    public async Task Watch_OtherFilesOfTheDirectory_AreNotLookedAt()
    {
        await using var rules = await WatchedRules.StartAsync([_file]);

        for (int i = 0; i < 100; i++)
        {
            _folder.Write("notes.txt", $"{i}");
        }

        // Signs keep their order: that of the rule file comes after all of the others.
        File.Delete(_file);
        await rules.FailedAsync();

        Assert.InRange(rules.Signs.Count, 1, 5);
    }

    [Fact]
    public async Task Watch_NoSignEver_IsHealedByThePoll()
    {
        var options = new RuleWatchOptions { Quiet = TimeSpan.FromMilliseconds(20), Poll = TimeSpan.FromMilliseconds(50) };
        await using var rules = await WatchedRules.StartAsync([_file], options, start: WatchedRules.Deaf);

        _folder.Write("rules.yaml", TestRules.Named("First"));
        await rules.AreAsync("First");
        File.Delete(_file);
        await rules.FailedAsync();
        _folder.Write("rules.yaml", TestRules.Named("Second"));
        await rules.AreAsync("Second");
    }

    [Fact]
    public async Task Watch_ChangedBetweenTheLoadingAndTheStart_IsLoaded()
    {
        var loaded = RuleFileSnapshot.Read([_file]);
        _folder.Write("rules.yaml", TestRules.Named("Meanwhile"));

        await using var rules = await WatchedRules.StartAsync([_file], loaded: loaded);

        await rules.AreAsync("Meanwhile");
    }

    [Fact]
    public async Task Watch_NoMoreWatches_WarnsOnceADirectoryAndPolls()
    {
        var options = new RuleWatchOptions { Quiet = TimeSpan.FromMilliseconds(20), Poll = TimeSpan.FromMilliseconds(50) };
        await using var rules = await WatchedRules.StartAsync(
            [_file], options, start: (_, _, _, _) => throw new IOException("the limit of inotify instances has been reached"));

        _folder.Write("rules.yaml", TestRules.Named("First"));
        await rules.AreAsync("First");
        _folder.Write("rules.yaml", TestRules.Named("Second"));
        await rules.AreAsync("Second");

        const string Rest = " cannot be watched, changed rules are noticed up to 0 s later: the limit of inotify instances has been reached";
        var warnings = rules.Log.Lines.Where(line => line.Level != LogLineLevel.Info).ToArray();
        Assert.All(warnings, warning => Assert.Equal(LogLineLevel.Warn, warning.Level));
        Assert.Equal(
            [$"'{Path.GetDirectoryName(_folder.Path)}'{Rest}", $"'{_folder.Path}'{Rest}"],
            warnings.Select(warning => warning.Error).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Watch_WatchThatFailsLater_IsReplacedAtTheNextPoll()
    {
        var failed = new List<Action<Exception>>();
        var options = new RuleWatchOptions { Quiet = TimeSpan.FromMilliseconds(20), Poll = TimeSpan.FromMilliseconds(50) };
        await using var rules = await WatchedRules.StartAsync([_file], options, start: (_, _, _, fail) =>
        {
            lock (failed)
            {
                failed.Add(fail);
            }

            return new MemoryStream();
        });
        int Started()
        {
            lock (failed)
            {
                return failed.Count;
            }
        }

        await Eventually.TrueAsync(() => Started() == 2, "both directories are watched");
        failed[0](new IOException("no more"));
        await Eventually.TrueAsync(() => Started() == 3, "the failed one is watched anew");

        Assert.Equal(2, rules.Open);
        Assert.Contains("no more", Assert.Single(rules.Log.Lines).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_AfterManyChanges_LeavesNoWatch()
    {
        var mount = ConfigMapFolder.Create(_folder.Path, TestRules.Shell);
        await using var rules = await WatchedRules.StartAsync([mount.File, _file]);
        for (int i = 0; i < 5; i++)
        {
            mount.Swap(TestRules.Named($"Swap {i}"));
            await rules.AreAsync($"Swap {i},Shell");
        }

        Assert.InRange(rules.Open, 2, 5);
        await rules.StopAsync();
        await Eventually.TrueAsync(() => rules.Open == 0, "no directory is watched any more");
    }
}
