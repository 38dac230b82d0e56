namespace Talon.Architecture.Tests.Code;

/// <summary>A plug-in is one folder that nobody else uses.</summary>
public sealed class FolderTests
{
    private const string Actionners = "Talon.Actors.Actionners";
    private const string Outputs = "Talon.Actors.Outputs";
    private const string Notifiers = "Talon.Actors.Notifiers";
    private const string Samples = "Talon.Architecture.Tests.Samples";

    [Fact]
    public void Actionners_UseNoOtherFolderButShared() => Assert.Empty(Folders.UsesBetween(Rooms.Actors, Actionners, "Shared"));

    [Theory]
    [InlineData(Actionners, Outputs)]
    [InlineData(Actionners, Notifiers)]
    [InlineData(Outputs, Actionners)]
    [InlineData(Outputs, Notifiers)]
    [InlineData(Notifiers, Actionners)]
    [InlineData(Notifiers, Outputs)]
    public void PlugIns_OfOneKind_UseNoneOfAnother(string from, string to) => Assert.Empty(Folders.Uses(Rooms.Actors, from, to));

    [Fact]
    public void UsesBetween_WrongSamples_AreFound()
    {
        var found = Folders.UsesBetween(typeof(FolderTests).Assembly, Samples, "Shared");

        Assert.Contains(found, use => use.Contains("UsesOneInItsBody", StringComparison.Ordinal));
        Assert.Contains(found, use => use.Contains("UsesOneInItsSignature", StringComparison.Ordinal));
        Assert.NotEmpty(Folders.Uses(typeof(FolderTests).Assembly, Samples + ".Two", Samples + ".One"));
    }

    [Fact]
    public void UsesBetween_OneIsShared_AreAllowed() =>
        Assert.Empty(Folders.UsesBetween(typeof(FolderTests).Assembly, Samples, "One"));

    [Fact]
    public void Actionners_AreSeenByTheseTests() =>
        Assert.Contains(Rooms.Actors.GetTypes(), type => type.Namespace == Actionners + ".Kubernetes.Terminate");
}
