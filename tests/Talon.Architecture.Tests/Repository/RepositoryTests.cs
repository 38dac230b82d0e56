using System.Text.RegularExpressions;
using Talon.Host.Configuration;

namespace Talon.Architecture.Tests.Repository;

public sealed partial class RepositoryTests
{
    public static TheoryData<string> SourceProjects => [.. Directory.GetDirectories(RepositoryFiles.PathOf("src")).Select(folder => Path.GetFileName(folder)!)];

    public static TheoryData<string> Keys => [.. ConfigKeys.All.Select(key => key.Name)];

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void Project_OfSource_HasReadme(string project) =>
        Assert.True(new FileInfo(RepositoryFiles.PathOf("src", project, "README.md")) is { Exists: true, Length: > 200 }, $"src/{project}/README.md");

    [Fact]
    public void Solution_NamesEveryProject()
    {
        string solution = File.ReadAllText(RepositoryFiles.PathOf("Talon.sln"));

        Assert.All(
            RepositoryFiles.All(RepositoryFiles.Root).Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)),
            project => Assert.Contains(Path.GetFileName(project), solution, StringComparison.Ordinal));
    }

    [Fact]
    public void EventId_IsComputedOnlyWhereAnEventComesIn()
    {
        // A fact keeps the id it was accepted with: computed again by another version, it would lie outside its bucket.
        string[] found =
        [
            .. RepositoryFiles.All(RepositoryFiles.PathOf("src"))
                .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && File.ReadAllText(file).Contains("EventId.Compute(", StringComparison.Ordinal))
                .Select(file => Path.GetFileName(file)),
        ];

        Assert.Equal(["RegionIntake.cs"], found);
    }

    [Fact]
    public void Files_NamePathsOfNoMachine()
    {
        // Events are data: they show commands that ran on machines that do not exist.
        var texts = RepositoryFiles.All(RepositoryFiles.Root).Where(file => Path.GetExtension(file) is not (".jsonl" or ".bin" or ".db"));

        string[] found = [.. texts.Where(file => MachinePath().IsMatch(File.ReadAllText(file))).Select(file => Path.GetRelativePath(RepositoryFiles.Root, file))];

        Assert.Equal([], found);
    }

    [Theory]
    [InlineData("see /wo|rk/main/x", true)]
    [InlineData("see ..|/shared/x", true)]
    [InlineData("fi|le:///ho|me/jane/talon", true)]
    [InlineData("C:\\Us|ers\\jane", true)]
    [InlineData("https://example.com/wo|rk/x", false)]
    [InlineData("Actionners/Targets", false)]
    public void MachinePath_Sample_IsTold(string text, bool found) =>
        Assert.Equal(found, MachinePath().IsMatch(text.Replace("|", "", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Keys))]
    public void Documentation_ConfigurationTable_HasTheKey(string key)
    {
        string row = File.ReadLines(RepositoryFiles.PathOf("docs", "configuration.md")).Single(line => line.StartsWith($"| `{key}` |", StringComparison.Ordinal));

        Assert.Contains($"`{ConfigKey.EnvironmentName(key)}`", row, StringComparison.Ordinal);
    }

    // The brackets keep the pattern from finding itself.
    [GeneratedRegex(@"(?<![\w.:/-])/wor[k]/|\.\./share[d]/|\.librar[y]/|/tmp/w[t]/|file:///\w|(?<!\w)/home/(?!nonroot)\w+/|[A-Z]:\\Users\\", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex MachinePath();
}
