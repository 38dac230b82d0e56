using System.Text.RegularExpressions;
using Talon.Architecture.Tests.Repository;

namespace Talon.Architecture.Tests.Documents;

/// <summary>The generated blocks of the documentation say what the program says. With TALON_WRITE_DOCS=true they are written instead: tests/docs.sh.</summary>
public sealed partial class GeneratedPageTests
{
    private static readonly bool Writes = Environment.GetEnvironmentVariable("TALON_WRITE_DOCS") == "true";

    public static TheoryData<string> Pages => [.. GeneratedPages.All.Select(block => block.Page).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_Blocks_AreWhatTheProgramSays(string page)
    {
        string file = RepositoryFiles.PathOf(page.Split('/'));
        string? now = File.Exists(file) ? File.ReadAllText(file) : null;

        string should = GeneratedPages.All.Where(block => block.Page == page).Aggregate(now, (text, block) => block.Put(text))!;

        if (Writes)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, should);
        }
        else
        {
            Assert.True(should == now, $"{page} is not what the program says; run tests/docs.sh. First difference: {Difference(now ?? "", should)}");
        }
    }

    [Fact]
    public void Page_Blocks_AllHaveAGenerator()
    {
        // What nobody writes any more, such as the page of an actionner that is gone, would stay as it is for ever.
        string[] known = [.. GeneratedPages.All.Select(block => $"{block.Page}: {block.Name}")];
        string[] found =
        [
            .. RepositoryFiles.All(RepositoryFiles.PathOf("docs"))
                .Where(file => Path.GetExtension(file) == ".md")
                .SelectMany(file => Begin().Matches(File.ReadAllText(file))
                    .Select(match => $"{Path.GetRelativePath(RepositoryFiles.Root, file).Replace('\\', '/')}: {match.Groups["name"].Value}")),
        ];

        Assert.Equal([], found.Except(known, StringComparer.Ordinal));
    }

    [Fact]
    public void Block_OldText_IsReplacedAndTheRestKept()
    {
        var block = new GeneratedBlock("docs/x.md", "x", "X", () => "new");
        string page = block.Put(null).Replace("new", "old", StringComparison.Ordinal) + "\nBy hand.\n";

        string mended = block.Put($"Before.\n{page}");

        Assert.StartsWith("Before.\n# X\n", mended, StringComparison.Ordinal);
        Assert.Contains("\nnew\n", mended, StringComparison.Ordinal);
        Assert.DoesNotContain("old", mended, StringComparison.Ordinal);
        Assert.EndsWith("\nBy hand.\n", mended, StringComparison.Ordinal);
    }

    private static string Difference(string now, string should)
    {
        string[] before = now.Split('\n');
        string[] after = should.Split('\n');
        int at = before.AsSpan().CommonPrefixLength(after);
        return $"line {at + 1}, '{before.ElementAtOrDefault(at)}' should be '{after.ElementAtOrDefault(at)}'";
    }

    [GeneratedRegex(@"<!-- generated: (?<name>.*?) \(", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Begin();
}
