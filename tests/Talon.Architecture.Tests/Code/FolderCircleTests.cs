namespace Talon.Architecture.Tests.Code;

/// <summary>No circles between the folders of a project, and which folder may not use which.</summary>
public sealed class FolderCircleTests
{
    private const string Samples = "Talon.Architecture.Tests.Circles";

    public static TheoryData<string> Projects => ["Talon.Rules", "Talon.Cluster", "Talon.Actors", "Talon.Host"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_SideBySide_FormNoCircle(string project) =>
        Assert.Equal([], FolderCircles.Of(Rooms.Named(project), project));

    [Theory]
    [InlineData("Talon.Rules.Text", "Talon.Rules.Events")]
    [InlineData("Talon.Rules.Text", "Talon.Rules.Yaml")]
    [InlineData("Talon.Rules.Events", "Talon.Rules.Matching")]
    [InlineData("Talon.Rules.Events", "Talon.Rules.Variables")]
    [InlineData("Talon.Rules.Catalog", "Talon.Rules.Loading")]
    [InlineData("Talon.Rules.Matching", "Talon.Rules.Loading")]
    [InlineData("Talon.Rules.Planning", "Talon.Rules.Matching")]
    [InlineData("Talon.Cluster.Wire", "Talon.Cluster.Journal")]
    [InlineData("Talon.Cluster.Wire", "Talon.Cluster.Locks")]
    [InlineData("Talon.Cluster.Wire", "Talon.Cluster.Sharding")]
    [InlineData("Talon.Cluster.Journal", "Talon.Cluster.Node")]
    [InlineData("Talon.Cluster.Journal.Sqlite", "Talon.Cluster.Journal.Postgres")]
    [InlineData("Talon.Cluster.Journal.Postgres", "Talon.Cluster.Journal.Sqlite")]
    [InlineData("Talon.Cluster.Membership", "Talon.Cluster.Forming")]
    [InlineData("Talon.Cluster.Forming", "Talon.Cluster.Node")]
    [InlineData("Talon.Cluster.Locks", "Talon.Cluster.Node")]
    [InlineData("Talon.Cluster.Sharding", "Talon.Cluster.Node")]
    [InlineData("Talon.Actors.Clients", "Talon.Actors.Plugins")]
    [InlineData("Talon.Actors.Clients", "Talon.Actors.Actionners")]
    [InlineData("Talon.Actors.Clients", "Talon.Actors.Pipeline")]
    [InlineData("Talon.Actors.Plugins", "Talon.Actors.Actionners")]
    [InlineData("Talon.Actors.Plugins", "Talon.Actors.Pipeline")]
    [InlineData("Talon.Actors.Contexts", "Talon.Actors.Actionners")]
    [InlineData("Talon.Actors.Outputs", "Talon.Actors.Actionners")]
    [InlineData("Talon.Actors.Plugins", "Talon.Actors.Catalog")]
    [InlineData("Talon.Actors.Actionners", "Talon.Actors.Pipeline")]
    [InlineData("Talon.Actors.Pipeline", "Talon.Actors.Actionners")]
    [InlineData("Talon.Actors.Pipeline", "Talon.Actors.Catalog")]
    [InlineData("Talon.Actors.Telemetry", "Talon.Actors.Pipeline")]
    [InlineData("Talon.Actors.Pipeline.Events", "Talon.Actors.Pipeline.Buckets")]
    [InlineData("Talon.Actors.Pipeline.State", "Talon.Actors.Pipeline.Events")]
    [InlineData("Talon.Host.Configuration", "Talon.Host.Cli")]
    [InlineData("Talon.Host.Composition", "Talon.Host.Cli")]
    [InlineData("Talon.Host.Reload", "Talon.Host.Cli")]
    [InlineData("Talon.Host.Reload", "Talon.Host.Composition")]
    [InlineData("Talon.Host.Ingress", "Talon.Host.Composition")]
    [InlineData("Talon.Host.Endpoints", "Talon.Host.Composition")]
    [InlineData("Talon.Host.Cli.Lists", "Talon.Host.Cli.Rules")]
    [InlineData("Talon.Host.Logging", "Talon.Host.Configuration")]
    public void Folder_UsesNotTheOther(string from, string to)
    {
        var room = Rooms.Named(string.Join('.', from.Split('.')[..2]));

        Assert.Contains(room.GetTypes(), type => type.Namespace is { } name && $"{name}.".StartsWith(from + ".", StringComparison.Ordinal));
        Assert.Contains(room.GetTypes(), type => type.Namespace is { } name && $"{name}.".StartsWith(to + ".", StringComparison.Ordinal));
        Assert.Empty(Folders.Uses(room, from, to));
    }

    [Fact]
    public void Of_WrongSamples_AreFound()
    {
        var found = FolderCircles.Of(typeof(FolderCircleTests).Assembly, Samples);

        Assert.Contains(found, use => use.StartsWith($"{Samples}.Left -> {Samples}.Right", StringComparison.Ordinal));
        Assert.Contains(found, use => use.StartsWith($"{Samples}.Right -> {Samples}.Left", StringComparison.Ordinal));
    }
}
