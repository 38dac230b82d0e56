using System.Text.RegularExpressions;

namespace Talon.Architecture.Tests.Repository;

/// <summary>The Markdown of the repository: short at the front, and no link leads nowhere.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Pages =>
    [
        .. RepositoryFiles.All(RepositoryFiles.Root)
            .Where(file => Path.GetExtension(file) == ".md")
            .Select(file => Path.GetRelativePath(RepositoryFiles.Root, file))
            .Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void Readme_IsShort() =>
        Assert.InRange(new FileInfo(RepositoryFiles.PathOf("README.md")).Length, 1, 7000);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_Links_LeadSomewhere(string page)
    {
        string file = RepositoryFiles.PathOf(page);

        string[] broken =
        [
            .. Link().Matches(Code().Replace(File.ReadAllText(file), ""))
                .Select(match => match.Groups["target"].Value)
                .Where(target => !target.Contains("://", StringComparison.Ordinal) && !Leads(file, target)),
        ];

        Assert.Equal([], broken);
    }

    [Theory]
    [InlineData("## What Talon promises", "what-talon-promises")]
    [InlineData("### `talon_ingress_refused_total` by `cause`", "talon_ingress_refused_total-by-cause")]
    [InlineData("## Commands: exec, script", "commands-exec-script")]
    public void Anchor_Heading_IsThatOfGitHub(string heading, string anchor) => Assert.Equal(anchor, AnchorOf(heading));

    private static bool Leads(string from, string target)
    {
        string[] parts = target.Split('#', 2);
        string path = parts[0].Length == 0 ? from : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(from)!, parts[0]));
        return (File.Exists(path) || Directory.Exists(path))
            && (parts.Length == 1 || File.ReadLines(path).Any(line => line.StartsWith('#') && AnchorOf(line) == parts[1]));
    }

    // As GitHub makes them: lower case, blanks as hyphens, no punctuation but hyphens and underscores.
    private static string AnchorOf(string heading) =>
        NotInAnchors().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)\)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    [GeneratedRegex(@"```[\s\S]*?```|`[^`\n]*`", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Code();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NotInAnchors();
}
