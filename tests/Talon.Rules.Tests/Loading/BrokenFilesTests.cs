using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;

namespace Talon.Rules.Tests.Loading;

/// <summary>
/// Rule files each broken another way, with every line that is said about them in <c>Golden/broken/*.expected.txt</c>. Set
/// TALON_WRITE_SNAPSHOTS to a folder to have the present answers written there for review.
/// </summary>
public sealed class BrokenFilesTests
{
    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(Make.GoldenPath("broken"), "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Load_BrokenFile_SaysWhatIsWrongWhere(string name)
    {
        string text = File.ReadAllText(Make.GoldenPath("broken", name + ".yaml"));
        var result = RuleLoader.Load([new RuleFile(name + ".yaml", text)], TestCatalog.Instance);
        string found = string.Concat(result.Diagnostics.Select(diagnostic => diagnostic + "\n"));
        if (Environment.GetEnvironmentVariable("TALON_WRITE_SNAPSHOTS") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, name + ".expected.txt"), found);
        }

        Assert.Null(result.Rules);
        Assert.Equal(File.ReadAllText(Make.GoldenPath("broken", name + ".expected.txt")), found);
    }

    [Fact]
    public void Files_AreAtLeastTwenty() => Assert.True(Directory.GetFiles(Make.GoldenPath("broken"), "*.yaml").Length >= 20);
}
