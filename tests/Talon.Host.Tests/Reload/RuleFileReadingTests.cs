using Talon.Host.Reload;
using Talon.Host.Tests.Support;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;

namespace Talon.Host.Tests.Reload;

public sealed class RuleFileReadingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_NotAFile_IsRefusedWithoutOpeningIt()
    {
        string pipe = NamedPipe.Make(Path.Combine(_folder.Path, "pipe"));
        string link = File.CreateSymbolicLink(Path.Combine(_folder.Path, "link"), pipe).FullName;
        var files = new[] { pipe, link, "/dev/null", _folder.Path }.Select(RuleFilePath.Of).ToArray();

        var loaded = RuleLoader.Load(RuleFileReading.Read(files), Talon.Actors.Catalog.PluginCatalog.Default);

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
}
