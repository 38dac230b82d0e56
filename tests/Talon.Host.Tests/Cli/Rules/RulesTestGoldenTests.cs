using System.Text.Json;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Cli.Rules;

/// <summary><c>rules test -o json</c> over the golden cases: what the original's own matching code says, line by line.</summary>
public sealed class RulesTestGoldenTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "match");

    public static TheoryData<string> Cases =>
        [.. Directory.GetFiles(Folder, "*.rules.yaml").Select(file => Path.GetFileName(file)[..3]).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Test_GoldenCase_NamesTheSameRules(string number)
    {
        var cli = new TestCli();

        int exitCode = await cli.RunAsync(
            "rules", "test", "-r", Path.Combine(Folder, $"{number}.rules.yaml"), "--events", Path.Combine(Folder, "events.jsonl"), "-o", "json");

        Assert.Equal(0, exitCode);
        Assert.Equal(
            File.ReadLines(Path.Combine(Folder, $"{number}.expected.jsonl")).Select(RulesOf),
            cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(RulesOf));
    }

    [Fact]
    public void Cases_AreThirty() => Assert.Equal(30, Cases.Count);

    private static string RulesOf(string line)
    {
        using var json = JsonDocument.Parse(line);
        return string.Join('\n', json.RootElement.GetProperty("rules").EnumerateArray().Select(rule => rule.GetString()));
    }
}
