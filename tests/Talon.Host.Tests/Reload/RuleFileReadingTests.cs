using Talon.Host.Reload;
using Talon.Host.Tests.Support;
using Talon.Rules.Loading;

namespace Talon.Host.Tests.Reload;

public sealed class RuleFileReadingTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private int _reads;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadTwice_NothingChanges_IsSteady()
    {
        string link = File.CreateSymbolicLink(Path.Combine(_folder.Path, "link"), _folder.Write("rules.yaml", TestRules.Shell)).FullName;

        var (snapshot, steady) = Read([link, Path.Combine(_folder.Path, "missing")], _ => { });

        Assert.True(steady);
        Assert.Equal(RuleFileSnapshot.Read([link, Path.Combine(_folder.Path, "missing")]).ContentHash, snapshot.ContentHash);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ReadTwice_ConfigMapSwappedAfterAReading_IsNotSteady(int after)
    {
        var mount = ConfigMapFolder.Create(_folder.Path, TestRules.Shell);

        // Also with the same content: what was read before may have been the other half.
        var (_, steady) = Read([mount.File], reads =>
        {
            if (reads == after)
            {
                mount.Swap(TestRules.Shell);
            }
        });

        Assert.False(steady);
    }

    [Fact]
    public void ReadTwice_OtherContentThatLeavesNoTrace_IsNotSteady()
    {
        string file = _folder.Write("rules.yaml", "");
        RuleFilePath[] files = [RuleFilePath.Of(file)];

        // Two writes of the same length within one tick of the file system's clock look like this.
        var (_, steady) = RuleFileReading.ReadTwice(
            files, _ => RuleFileSnapshot.Read([RuleFilePath.Of(Path.Combine(_folder.Path, $"missing{++_reads}"))], _ => true));

        Assert.False(steady);
    }

    [Fact]
    public void ReadTwice_FileWrittenAfterTheReadings_IsNotSteady()
    {
        string file = _folder.Write("rules.yaml", TestRules.Shell);

        Assert.False(Read([file], reads => File.AppendAllText(file, reads == 2 ? "# more\n" : "")).Steady);
    }

    [Fact]
    public void Read_NotAFile_IsRefusedWithoutOpeningIt()
    {
        string pipe = NamedPipe.Make(Path.Combine(_folder.Path, "pipe"));
        string link = File.CreateSymbolicLink(Path.Combine(_folder.Path, "link"), pipe).FullName;
        var files = new[] { pipe, link, "/dev/null", _folder.Path }.Select(RuleFilePath.Of).ToArray();

        var loaded = RuleLoader.Load(RuleFileReading.Read(files), Talon.Actors.Plugins.PluginCatalog.Default);

        Assert.Null(loaded.Rules);
        Assert.Equal(
            [
                $"{pipe}: the path is not a file; only a regular file can be read again",
                $"{link}: the path is not a file; only a regular file can be read again",
                "/dev/null: the path is not a file; only a regular file can be read again",
                $"{_folder.Path}: the path is a directory; name a file in it",
            ],
            loaded.Diagnostics.Select(found => found.ToString()));
    }

    private (RuleFileSnapshot Snapshot, bool Steady) Read(string[] files, Action<int> afterEach) =>
        RuleFileReading.ReadTwice([.. files.Select(RuleFilePath.Of)], paths =>
        {
            var snapshot = RuleFileReading.Read(paths);
            afterEach(++_reads);
            return snapshot;
        });
}
