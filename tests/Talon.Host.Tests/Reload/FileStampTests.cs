using Talon.Host.Reload;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Reload;

public sealed class FileStampTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_UntouchedFile_IsTheSameByEveryWayToIt()
    {
        string file = _folder.Write("rules.yaml", "one");
        string link = File.CreateSymbolicLink(Path.Combine(_folder.Path, "link"), file).FullName;

        Assert.NotNull(FileStamp.Of(file));
        Assert.Equal(3u, FileStamp.Of(file)!.Value.Size);
        Assert.Equal(FileStamp.Of(file), FileStamp.Of(link));
        Assert.Null(FileStamp.Of(Path.Combine(_folder.Path, "missing")));
    }

    [Fact]
    public void Of_AnotherFileOfTheSameSizeAndTime_IsAnother()
    {
        string one = _folder.Write("one", "one");
        string two = _folder.Write("two", "two");
        var time = new DateTime(2026, 11, 25, 8, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(one, time);
        File.SetLastWriteTimeUtc(two, time);

        Assert.NotEqual(FileStamp.Of(one), FileStamp.Of(two));
        Assert.Equal(FileStamp.Of(one)!.Value.Written, FileStamp.Of(two)!.Value.Written);
        Assert.Equal(new DateTimeOffset(time).ToUnixTimeSeconds(), FileStamp.Of(one)!.Value.Written.Seconds);
    }

    [Fact]
    public void IsRegular_FilesAndOtherThings_IsTrueForFilesOnly()
    {
        Assert.True(FileStamp.Of(_folder.Write("rules.yaml", ""))!.Value.IsRegular);
        Assert.False(FileStamp.Of(_folder.Path)!.Value.IsRegular);
        Assert.False(FileStamp.Of("/dev/null")!.Value.IsRegular);
        Assert.False(FileStamp.Of(NamedPipe.Make(Path.Combine(_folder.Path, "pipe")))!.Value.IsRegular);
    }
}
