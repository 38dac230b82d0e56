using System.IO.Pipes;
using System.Text;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;

namespace Talon.Rules.Tests.Loading.Files;

public sealed class RuleFileSnapshotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("talon-rules-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_SameContent_HasTheSameHash()
    {
        string path = Write("r.yaml", "one");
        var first = RuleFileSnapshot.Read([path]);
        File.Delete(path);
        Write("r.yaml", "one");

        Assert.Equal(first.ContentHash, RuleFileSnapshot.Read([path]).ContentHash);
        Assert.Matches("^[0-9a-f]{64}$", first.ContentHash);
        Assert.True(first.CanBeReadAgain);
    }

    [Fact]
    public void Read_AnyDifference_ChangesTheHash()
    {
        string a = Write("a.yaml", "one");
        string b = Write("b.yaml", "two");
        string missing = Path.Combine(_folder, "missing.yaml");
        var hashes = new List<string>
        {
            RuleFileSnapshot.Read([a, b]).ContentHash,
            RuleFileSnapshot.Read([b, a]).ContentHash,
            RuleFileSnapshot.Read([a]).ContentHash,
            RuleFileSnapshot.Read([a, missing]).ContentHash,
            RuleFileSnapshot.Read([a, _folder]).ContentHash,
        };
        Write("a.yaml", "onet");
        Write("b.yaml", "wo");
        hashes.Add(RuleFileSnapshot.Read([a, b]).ContentHash);
        Write(missing, "");
        hashes.Add(RuleFileSnapshot.Read([a, missing]).ContentHash);

        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }

    [Fact]
    public void Load_FileChangedAfterTheLook_LoadsWhatWasSeen()
    {
        string path = Write("r.yaml", Make.Rule("source: seen"));
        var snapshot = RuleFileSnapshot.Read([path]);
        Write("r.yaml", "- broken: [");

        Assert.Single(RuleLoader.Load(snapshot, TestCatalog.Instance).Rules!.Rules);
    }

    [Fact]
    public void Read_Pipe_IsReadAndCannotBeReadAgain()
    {
        using var writer = new AnonymousPipeServerStream(PipeDirection.Out);
        using var reader = new AnonymousPipeClientStream(PipeDirection.In, writer.ClientSafePipeHandle);
        writer.Write(Encoding.UTF8.GetBytes(Make.Rule("source: s")));
        writer.Dispose();

        var snapshot = RuleFileSnapshot.Read([$"/proc/self/fd/{reader.SafePipeHandle.DangerousGetHandle()}"]);

        Assert.False(snapshot.CanBeReadAgain);
        Assert.Single(RuleLoader.Load(snapshot, TestCatalog.Instance).Rules!.Rules);
    }

    [Fact]
    public void Read_Directory_IsToldAsOne()
    {
        var result = RuleLoader.LoadFromDisk([_folder], TestCatalog.Instance);

        Assert.Equal($"{_folder}: the path is a directory; name a file in it", Assert.Single(result.Diagnostics).ToString());
    }

    [Fact]
    public void Read_FileThatMayNotBeRead_IsAProblemOfThatFile()
    {
        string refused = Write("refused.yaml", Make.Rule("source: s"));
        string missing = Path.Combine(_folder, "missing.yaml");

        var result = RuleLoader.Load(
            RuleFileSnapshot.Read([RuleFilePath.Of(Write("r.yaml", "")), RuleFilePath.Of(refused), RuleFilePath.Of(missing)], path => path != refused),
            TestCatalog.Instance);

        Assert.Equal(
            [$"{refused}: the path is not a file; only a regular file can be read again", $"{missing}: the file does not exist; check the path"],
            result.Diagnostics.Select(found => found.ToString()));
    }

    [Fact]
    public void Read_FileWithAName_IsReadFromItsPathAndToldByItsName()
    {
        string path = Write("r.yaml", "- broken: [");
        var named = new RuleFilePath("given/r.yaml", path);

        var snapshot = RuleFileSnapshot.Read([named], _ => true);

        Assert.StartsWith("given/r.yaml:1:", RuleLoader.Load(snapshot, TestCatalog.Instance).Diagnostics[0].ToString(), StringComparison.Ordinal);
        Assert.NotEqual(RuleFileSnapshot.Read([path]).ContentHash, snapshot.ContentHash);
    }

    [Fact]
    public void Of_RelativePath_KeepsTheNameAndIsAbsolute()
    {
        Assert.Equal(new RuleFilePath("a/../r.yaml", Path.Combine(Directory.GetCurrentDirectory(), "r.yaml")), RuleFilePath.Of("a/../r.yaml"));
        Assert.Equal(new RuleFilePath("", ""), RuleFilePath.Of(""));
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
