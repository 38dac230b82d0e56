using Talon.Chaos.Scenarios;

namespace Talon.Chaos.Tests.Mutations;

/// <summary>The planted bugs must fit the sources of today, or nobody notices that they prove nothing any more.</summary>
public sealed class MutationTests
{
    private static readonly string Root = FindRoot();

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.patch").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(Root, "tests", "Talon.Chaos", "Mutations");

    [Fact]
    public void Names_Folder_HoldsAtLeastFive() => Assert.True(Names.Count >= 5);

    [Theory]
    [MemberData(nameof(Names))]
    public void Patch_SourcesOfToday_AppliesAndNamesItsScenario(string name)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder, $"{name}.patch"));
        string scenario = Assert.Single(lines, line => line.StartsWith("scenario: ", StringComparison.Ordinal))["scenario: ".Length..];
        Assert.Single(Catalog.Find(scenario));
        Assert.Single(lines, line => line.StartsWith("bug: ", StringComparison.Ordinal));

        string? file = null;
        var old = new List<string>();
        int hunks = 0;
        foreach (string line in lines.Append("@@"))
        {
            if (line.StartsWith("@@", StringComparison.Ordinal) || line.StartsWith("--- ", StringComparison.Ordinal))
            {
                if (old.Count > 0)
                {
                    hunks++;
                    string text = File.ReadAllText(Path.Combine(Root, file!));
                    Assert.Equal(2, text.Split(string.Join('\n', old)).Length);
                    old.Clear();
                }
            }
            else if (line.StartsWith("+++ b/", StringComparison.Ordinal))
            {
                file = line["+++ b/".Length..];
            }
            else if (file is not null && line.Length > 0 && line[0] is ' ' or '-')
            {
                old.Add(line[1..]);
            }
        }

        Assert.True(hunks > 0);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Talon.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
