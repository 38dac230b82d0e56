using Talon.Host.Reload;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Reload;

public sealed class LinkedPlacesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_PlainFile_IsItsEntryAndThatOfItsDirectory()
    {
        string path = _folder.Write("rules.yaml", "");

        Assert.Equal([(_folder.Path, "rules.yaml"), (Path.GetDirectoryName(_folder.Path)!, Path.GetFileName(_folder.Path))], LinkedPlaces.Of(path));
    }

    [Fact]
    public void Of_MountedConfigMap_HasEveryHop()
    {
        var mount = ConfigMapFolder.Create(_folder.Path, "one");

        var places = LinkedPlaces.Of(mount.File);

        Assert.Contains((mount.Path, "rules.yaml"), places);
        Assert.Contains((mount.Path, "..data"), places);
        Assert.Contains((mount.Version, "rules.yaml"), places);
        Assert.DoesNotContain(places, place => place.Directory.EndsWith("..data", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_RelativeAndAbsoluteLinks_EndAtTheRealFile()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "real", "deep"));
        string target = _folder.Write("real/deep/rules.yaml", "");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "absolute.yaml"), target);
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "folder"), "real/deep");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "real", "relative.yaml"), "../folder/../deep/./rules.yaml");
        var real = (Path.Combine(_folder.Path, "real", "deep"), "rules.yaml");

        Assert.Contains(real, LinkedPlaces.Of(Path.Combine(_folder.Path, "absolute.yaml")));
        Assert.Contains(real, LinkedPlaces.Of(Path.Combine(_folder.Path, "folder", "rules.yaml")));

        // '..' behind a link leads out of the folder that the link means.
        var places = LinkedPlaces.Of(Path.Combine(_folder.Path, "real", "relative.yaml"));
        Assert.Contains(real, places);
        Assert.Contains((_folder.Path, "folder"), places);
    }

    [Fact]
    public void Of_MissingDirectory_IsWhereItWouldAppear()
    {
        var places = LinkedPlaces.Of(Path.Combine(_folder.Path, "a", "b", "rules.yaml"));

        Assert.Contains((_folder.Path, "a"), places);
        Assert.DoesNotContain(places, place => place.Name == "rules.yaml");
    }

    [Fact]
    public void Of_CircleOfLinks_Ends()
    {
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "a"), "b");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "b"), "a");

        var places = LinkedPlaces.Of(Path.Combine(_folder.Path, "a"));

        Assert.Contains((_folder.Path, "a"), places);
        Assert.Contains((_folder.Path, "b"), places);
    }
}
