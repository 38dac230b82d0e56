using System.IO.Pipes;
using System.Text;
using Talon.Rules.Loading;

namespace Talon.Rules.Tests.Loading;

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

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
