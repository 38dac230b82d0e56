using Talon.Architecture.Tests.Repository;

namespace Talon.Architecture.Tests.Documents;

/// <summary>
/// Every command that the documentation shows is run here, page by page and in order. A block that cannot be says so after its fence:
/// <c>sh cluster</c> needs a Kubernetes cluster, a registry or a database of the reader's; <c>sh suite</c> is the build or the tests themselves.
/// </summary>
public sealed class CommandTests
{
    private static readonly string[] Languages = ["sh", "console", "yaml", "json", "text", "mermaid", "csharp"];
    private static readonly string[] Marks = ["", "cluster", "suite"];

    private static readonly string[] PageNames =
    [
        .. RepositoryFiles.All(RepositoryFiles.PathOf("docs"))
            .Append(RepositoryFiles.PathOf("README.md"))
            .Append(RepositoryFiles.PathOf("deploy", "k8s", "README.md"))
            .Where(file => Path.GetExtension(file) == ".md")
            .Select(file => Path.GetRelativePath(RepositoryFiles.Root, file))
            .Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Pages => [.. PageNames];

    public static TheoryData<string> PagesToRun => [.. PageNames.Where(page => BlocksOf(page).Any(block => block.IsShell && block.Mark.Length == 0))];

    [Theory]
    [MemberData(nameof(PagesToRun))]
    public async Task Page_Commands_DoWhatItSays(string page)
    {
        await using var stage = await CommandStage.BuildAsync();
        foreach (var block in BlocksOf(page).Where(block => block.Mark.Length == 0 && (block.IsShell || block.File is not null)))
        {
            string? wrong = await stage.PlayAsync(block);
            Assert.True(wrong is null, $"{page}:{block.Line}: {wrong}");
        }

        string? end = await stage.StopAsync();
        Assert.True(end is null, $"{page}: {end}");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_Code_SaysWhatItIs(string page)
    {
        string text = TextOf(page);
        string[] wrong =
        [
            .. DocumentPage.IndentedCode(text).Select(line => $"{page}:{line}: put code between fences, with its language"),
            .. DocumentPage.Blocks(text)
                .Where(block => !Languages.Contains(block.Language))
                .Select(block => $"{page}:{block.Line}: '{block.Language}' is none of {string.Join(", ", Languages)}"),
            .. DocumentPage.Blocks(text)
                .Where(block => !Marks.Contains(block.Mark) || (block.Mark.Length > 0 && block.Language != "sh"))
                .Select(block => $"{page}:{block.Line}: 'sh cluster' and 'sh suite' are the only marks"),
        ];

        Assert.Equal([], wrong);
    }

    [Fact]
    public void SuiteBlocks_Programs_Exist()
    {
        // What is not run is at least there.
        string[] missing =
        [
            .. PageNames
                .SelectMany(page => BlocksOf(page).Where(block => block.Mark == "suite").SelectMany(block => block.Text.Split([' ', '\n'])))
                .Where(word => word.StartsWith("tests/", StringComparison.Ordinal) || word.StartsWith("src/", StringComparison.Ordinal))
                .Where(word => !Path.Exists(RepositoryFiles.PathOf(word))),
        ];

        Assert.Equal([], missing);
    }

    [Fact]
    public async Task Stage_WrongPages_AreTold()
    {
        await using var stage = await CommandStage.BuildAsync();

        Assert.Contains("exit code 3", await stage.PlayAsync(Block("sh", "(exit 3)")), StringComparison.Ordinal);
        Assert.Contains("prints\nabc\n", await stage.PlayAsync(Block("console", "$ echo abc\nabd")), StringComparison.Ordinal);
        Assert.Contains("only 'dotnet run --project'", await stage.PlayAsync(Block("sh", "dotnet test")), StringComparison.Ordinal);
        Assert.Null(await stage.PlayAsync(Block("console", "$ printf 'a b\\nc\\nd\\n'\na …\n…\nd")));
        Assert.Contains("rules_file", await stage.PlayAsync(Block("sh", "talon server -r no-such-rules_file.yaml")), StringComparison.Ordinal);
    }

    private static FencedBlock Block(string language, string text) => new(1, language, "", null, text + "\n");

    private static string TextOf(string page) => File.ReadAllText(RepositoryFiles.PathOf(page));

    private static IReadOnlyList<FencedBlock> BlocksOf(string page) => DocumentPage.Blocks(TextOf(page));
}
