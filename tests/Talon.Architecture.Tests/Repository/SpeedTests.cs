using System.Text.RegularExpressions;

namespace Talon.Architecture.Tests.Repository;

/// <summary>What tests/run.sh fast leaves out: test classes that start nodes, a pipeline, a database or a program say so.</summary>
public sealed partial class SpeedTests
{
    private static readonly string[] Projects = ["Talon.Actors.Tests", "Talon.Cluster.Tests"];

    [Fact]
    public void TestClasses_ThatStartNodesOrPrograms_AreMarkedAsSlow() =>
        Assert.Equal([], Projects
            .SelectMany(project => RepositoryFiles.All(RepositoryFiles.PathOf("tests", project)))
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && !IsRight(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(RepositoryFiles.Root, file)));

    [Theory]
    [InlineData("[Fact] await using var rig = await PipelineRig.StartAsync();", false)]
    [InlineData("[Trait(\"Speed\", \"Slow\")] [Fact] await using var rig = await PipelineRig.StartAsync();", true)]
    [InlineData("[PostgresFact]", false)]
    [InlineData("[ToolTheory(TestTool.Moto)]", false)]
    [InlineData("[Fact] Assert.Equal(1, 1);", true)]
    public void IsRight_Sample_IsTold(string text, bool right) => Assert.Equal(right, IsRight(text));

    private static bool IsRight(string text) =>
        !Test().IsMatch(text) || !Starter().IsMatch(text) || text.Contains("[Trait(\"Speed\", \"Slow\")]", StringComparison.Ordinal);

    [GeneratedRegex(@"\[(Postgres|Tool)?(Fact|Theory)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Test();

    [GeneratedRegex(
        @"\b(PipelineRig|StaticPipelines|TalonNode|StaticNodes|GuardNodes|PostgresFact|PostgresServer|RealTcpdump|RealShell|SmallDisk|ToolFact|ToolTheory|ToolServer|SharedTools)\b",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Starter();
}
