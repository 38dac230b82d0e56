using Talon.Host.Reload;
using Talon.Host.Tests.Support;
using Talon.Rules.Loading.Files;

namespace Talon.Host.Tests.Reload;

/// <summary>The watcher on the real disk.</summary>
public sealed class RuleWatcherTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _file;

    public RuleWatcherTests() => _file = _folder.Write("rules.yaml", TestRules.Shell);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Options_Defaults_LoadAChangeWithinFourSeconds()
    {
        var options = new RuleWatchOptions();

        Assert.Equal(TimeSpan.FromSeconds(2), options.Interval);
        Assert.Equal(TimeSpan.FromSeconds(10), options.LongestRead);
        Assert.Equal(TimeSpan.FromSeconds(60), options.LongestUnsteady);
    }

    [Fact]
    public async Task Watch_ChangedFile_IsReadEvery2SecondsAndLoadedByTheSecondReading()
    {
        await using var rules = new WatchedRules([_file]);
        await rules.StartAsync();
        await WaitsAsync(rules, 1);

        _folder.Write("rules.yaml", TestRules.Named("First"));
        rules.Time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(1, rules.Time.Waits);
        rules.Time.Advance(TimeSpan.FromSeconds(0.1));
        await WaitsAsync(rules, 2);
        Assert.Equal("Shell", rules.Names);
        rules.Time.Advance(TimeSpan.FromSeconds(2));
        await WaitsAsync(rules, 3);

        Assert.Equal("First", rules.Names);
    }

    [Fact]
    public async Task Watch_PlainWrites_AreLoaded()
    {
        await using var rules = new WatchedRules([_file]);

        _folder.Write("rules.yaml", TestRules.Named("First"));
        await rules.LoadsAsync("First");
        _folder.Write("rules.yaml", TestRules.Named("Second"));
        await rules.LoadsAsync("Second");
    }

    [Fact]
    public async Task Watch_OtherContentOfTheSameSizeAndTime_IsLoaded()
    {
        var time = File.GetLastWriteTimeUtc(_file);
        await using var rules = new WatchedRules([_file]);
        await rules.CompareAsync();

        // Two writes within one tick of the file system's clock look like this.
        _folder.Write("rules.yaml", TestRules.Named("Other"));
        File.SetLastWriteTimeUtc(_file, time);

        await rules.LoadsAsync("Other");
    }

    [Fact]
    public async Task Watch_HalfWrittenFile_IsLoadedOnlyOnceItIsWhole()
    {
        string half = TestRules.Named("First") + "\n";
        string rest = TestRules.Named("Second")[TestRules.Shell.IndexOf("- rule", StringComparison.Ordinal)..];
        await using var rules = new WatchedRules([_file]);
        await rules.CompareAsync();

        // The first half is a valid rule file.
        _folder.Write("rules.yaml", half);
        await rules.CompareAsync();
        Assert.Equal("Shell", rules.Names);
        File.AppendAllText(_file, rest);
        await rules.CompareAsync();
        Assert.Equal("Shell", rules.Names);

        await rules.CompareAsync();
        Assert.Equal("First,Second", rules.Names);
        Assert.Single(rules.Log.Lines);
    }

    [Fact]
    public async Task Watch_EditorThatRenames_IsLoadedEachTime()
    {
        await using var rules = new WatchedRules([_file]);

        foreach (string name in new[] { "First", "Second", "Third" })
        {
            // A backup of the old file, then the new one under its name.
            File.Move(_file, _file + "~", overwrite: true);
            File.Move(_folder.Write(".rules.yaml.swp", TestRules.Named(name)), _file);
            await rules.LoadsAsync(name);
        }
    }

    [Fact]
    public async Task Watch_FileGoneForAWhile_KeepsTheSetAndLoadsTheNewFile()
    {
        await using var rules = new WatchedRules([_file]);

        File.Delete(_file);
        await rules.LoadAsync();
        Assert.Equal($"{_file}: the file does not exist; check the path", Assert.Single(rules.Book.Status.Failure!.Errors));
        Assert.Equal("Shell", rules.Names);
        _folder.Write("rules.yaml", TestRules.Named("Back"));

        await rules.LoadsAsync("Back");
    }

    [Fact]
    public async Task Watch_FileGoneForOneReading_IsNotTold()
    {
        await using var rules = new WatchedRules([_file]);

        File.Delete(_file);
        await rules.CompareAsync();
        _folder.Write("rules.yaml", TestRules.Shell);
        await rules.LoadsAsync("Shell");

        Assert.Empty(rules.Log.Lines);
    }

    [Fact]
    public async Task Watch_DirectoryGoneForAWhile_LoadsTheNewFile()
    {
        string directory = Directory.CreateDirectory(Path.Combine(_folder.Path, "a", "b")).FullName;
        string file = _folder.Write("a/b/rules.yaml", TestRules.Shell);
        await using var rules = new WatchedRules([file]);

        Directory.Delete(Path.Combine(_folder.Path, "a"), recursive: true);
        await rules.LoadAsync();
        Assert.NotNull(rules.Book.Status.Failure);
        Directory.CreateDirectory(directory);
        _folder.Write("a/b/rules.yaml", TestRules.Named("Back"));
        await rules.LoadsAsync("Back");

        _folder.Write("a/b/rules.yaml", TestRules.Named("Again"));
        await rules.LoadsAsync("Again");
    }

    [Fact]
    public async Task Watch_DirectoryReplacedByARename_LoadsWhatItHoldsAndLaterChanges()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "live"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "next"));
        string file = _folder.Write("live/rules.yaml", TestRules.Shell);
        _folder.Write("next/rules.yaml", TestRules.Named("Next"));
        await using var rules = new WatchedRules([file]);

        Directory.Move(Path.Combine(_folder.Path, "live"), Path.Combine(_folder.Path, "old"));
        Directory.Move(Path.Combine(_folder.Path, "next"), Path.Combine(_folder.Path, "live"));
        await rules.LoadsAsync("Next");
        _folder.Write("live/rules.yaml", TestRules.Named("Later"));

        await rules.LoadsAsync("Later");
    }

    [Fact]
    public async Task Watch_ConfigMapSwaps_AreAllLoaded()
    {
        var mount = ConfigMapFolder.Create(_folder.Path, TestRules.Shell);
        await using var rules = new WatchedRules([mount.File]);

        foreach (string name in new[] { "First", "Second", "Third" })
        {
            mount.Swap(TestRules.Named(name));
            await rules.LoadsAsync(name);
        }

        File.WriteAllText(Path.Combine(mount.Version, "rules.yaml"), TestRules.Named("In place"));
        await rules.LoadsAsync("In place");

        Assert.Equal(4, rules.Log.Lines.Count);
    }

    [Fact]
    public async Task Watch_LinkToOneFile_FollowsTheTargetAndTheLink()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "elsewhere"));
        string target = _folder.Write("elsewhere/team.yaml", TestRules.Shell);
        string link = File.CreateSymbolicLink(Path.Combine(_folder.Path, "link.yaml"), target).FullName;
        await using var rules = new WatchedRules([link]);

        _folder.Write("elsewhere/team.yaml", TestRules.Named("Edited"));
        await rules.LoadsAsync("Edited");
        string other = _folder.Write("other.yaml", TestRules.Named("Other"));
        File.Delete(link);
        File.CreateSymbolicLink(link, other);
        await rules.LoadsAsync("Other");
        _folder.Write("other.yaml", TestRules.Named("Other edited"));
        await rules.LoadsAsync("Other edited");
    }

    [Fact]
    public async Task Watch_TwoFilesOneAfterTheOther_AreReadAsOneSet()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "second"));
        string second = _folder.Write("second/rules.yaml", TestRules.Named("Second"));
        await using var rules = new WatchedRules([_file, second]);

        _folder.Write("rules.yaml", TestRules.Named("One"));
        await rules.CompareAsync();
        _folder.Write("second/rules.yaml", TestRules.Named("Two"));
        await rules.CompareAsync();
        Assert.Equal("Shell,Second", rules.Names);

        await rules.CompareAsync();
        Assert.Equal("One,Two", rules.Names);
        Assert.Single(rules.Log.Lines);
    }

    [Fact]
    public async Task Watch_BrokenFileThenRepaired_KeepsTheSetMeanwhile()
    {
        await using var rules = new WatchedRules([_file]);
        var set = rules.Book.Current;

        _folder.Write("rules.yaml", "- rule: [");
        await rules.LoadAsync();
        Assert.NotNull(rules.Book.Status.Failure);
        Assert.Same(set, rules.Book.Current);

        _folder.Write("rules.yaml", TestRules.Shell);
        await rules.LoadAsync();
        Assert.Null(rules.Book.Status.Failure);
        Assert.Same(set, rules.Book.Current);
    }

    [Fact]
    public async Task Watch_FileTooLarge_KeepsTheSetUntilItIsSmallerAgain()
    {
        await using var rules = new WatchedRules([_file]);
        var set = rules.Book.Current;

        // A file of a terabyte without a block on the disk.
        using (var huge = new FileStream(_file, FileMode.Open, FileAccess.Write))
        {
            huge.SetLength(1L << 40);
        }

        await rules.LoadAsync();
        Assert.Contains("the file is larger than 4194304 bytes", Assert.Single(rules.Book.Status.Failure!.Errors), StringComparison.Ordinal);
        Assert.Same(set, rules.Book.Current);

        _folder.Write("rules.yaml", TestRules.Named("Small"));
        await rules.LoadsAsync("Small");
    }

    [Fact]
    public async Task Watch_OtherFilesOfTheDirectory_DoNotPutALoadOff()
    {
        await using var rules = new WatchedRules([_file]);

        _folder.Write("rules.yaml", TestRules.Named("First"));
        _folder.Write("notes.txt", "1");
        await rules.CompareAsync();
        _folder.Write("notes.txt", "2");
        await rules.CompareAsync();

        Assert.Equal("First", rules.Names);
    }

    [Fact]
    public async Task Watch_ChangedBetweenTheLoadingAndTheStart_IsLoaded()
    {
        var loaded = RuleFileSnapshot.Read([_file]);
        _folder.Write("rules.yaml", TestRules.Named("Meanwhile"));

        await using var rules = new WatchedRules([_file], loaded);

        await rules.LoadsAsync("Meanwhile");
    }

    private static Task WaitsAsync(WatchedRules rules, int count) =>
        Eventually.TrueAsync(() => rules.Time.Waits == count, $"{count} readings are done");
}
