namespace Talon.Architecture.Tests.Code;

/// <summary>A plug-in is one folder that nobody else uses.</summary>
public sealed class FolderTests
{
    private const string Actionners = "Talon.Actors.Actionners";
    private const string Outputs = "Talon.Actors.Outputs";
    private const string Notifiers = "Talon.Actors.Notifiers";
    private const string Samples = "Talon.Architecture.Tests.Samples";

    private static readonly IReadOnlySet<string> None = new HashSet<string>();

    [Fact]
    public void Actionners_UseOnlyTheirFamilyAndTargets() =>
        Assert.Empty(Folders.UsesBetween(Rooms.Actors, Actionners, "Targets", Folders.With(Rooms.Actors, Actionners, "example.yaml")));

    [Theory]
    [InlineData("Removal.Drain", "Removal.Drain", true)]
    [InlineData("Removal.Drain", "Removal", true)]
    [InlineData("Removal.Drain", "Targets", true)]
    [InlineData("Removal", "Targets", true)]
    [InlineData("Commands", "Commands.Shell", true)]
    [InlineData("Removal.Drain", "Removal.Cordon", false)]
    [InlineData("Removal.Drain", "Captures", false)]
    [InlineData("Removal", "Removal.Drain", false)]
    [InlineData("Removal", "RemovalOfOthers", false)]
    [InlineData("Targets", "Removal", false)]
    public void MayUse_Folders_OnlyUpwardsAndTheCommonRoom(string from, string to, bool may) =>
        Assert.Equal(may, Folders.MayUse(from, to, "Targets", new HashSet<string> { "Removal.Drain", "Removal.Cordon" }));

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
        var found = Folders.UsesBetween(typeof(FolderTests).Assembly, Samples, "Shared", None);

        Assert.Contains(found, use => use.Contains("UsesOneInItsBody", StringComparison.Ordinal));
        Assert.Contains(found, use => use.Contains("UsesOneInItsSignature", StringComparison.Ordinal));
        Assert.NotEmpty(Folders.Uses(typeof(FolderTests).Assembly, Samples + ".Two", Samples + ".One"));
    }

    [Fact]
    public void UsesBetween_OneIsCommon_AreAllowed() =>
        Assert.Empty(Folders.UsesBetween(typeof(FolderTests).Assembly, Samples, "One", None));

    [Fact]
    public void Actionners_AreSeenByTheseTests() =>
        Assert.Contains(Rooms.Actors.GetTypes(), type => type.Namespace == Actionners + ".Removal.Terminate");
}
