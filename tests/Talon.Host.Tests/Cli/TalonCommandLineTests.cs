using Talon.Host.Cli;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Cli;

public sealed class TalonCommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("rules")]
    [InlineData("rules --help")]
    [InlineData("actionners")]
    [InlineData("outputs")]
    [InlineData("notifiers")]
    public async Task Run_NoCommandOrHelp_PrintsHelpAndIsFine(string line)
    {
        var cli = new TestCli();

        Assert.Equal(0, await cli.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains("Usage:", cli.Out, StringComparison.Ordinal);
        Assert.Contains("talon", cli.Out, StringComparison.Ordinal);
        Assert.Empty(cli.Error);
    }

    [Theory]
    [InlineData("server --help", "talon server -c config.yaml -r rules.yaml")]
    [InlineData("rules check --help", "talon rules check -r rules.yaml")]
    [InlineData("rules test --help", "talon rules test -r rules.yaml --events events.jsonl -o json")]
    [InlineData("actionners list --help", "talon actionners list -o json")]
    [InlineData("outputs list --help", "talon outputs list -o json")]
    [InlineData("notifiers list --help", "talon notifiers list -o json")]
    public async Task Run_HelpOfACommand_ShowsAnExample(string line, string example)
    {
        var cli = new TestCli();

        Assert.Equal(0, await cli.RunAsync(line.Split(' ')));
        Assert.Contains(example, cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "talon --help")]
    [InlineData("--nonsense", "talon --help")]
    [InlineData("rules nonsense", "talon rules --help")]
    [InlineData("rules test -r a.yaml", "talon rules test --help")]
    [InlineData("rules test --events a", "talon rules test --help")]
    [InlineData("rules check -r", "talon rules check --help")]
    [InlineData("actionners list -o yaml", "talon actionners list --help")]
    [InlineData("notifiers list slack", "talon notifiers list --help")]
    [InlineData("server extra", "talon server --help")]
    [InlineData("-c a.yaml server -c b.yaml", "talon server --help")]
    [InlineData("rules -c a.yaml check -c b.yaml", "talon rules check --help")]
    [InlineData("-c a.yaml version", "talon version --help")]
    [InlineData("version -r a.yaml", "talon version --help")]
    [InlineData("-r a.yaml journal drain", "talon journal drain --help")]
    [InlineData("journal -c a.yaml schema", "talon journal schema --help")]
    [InlineData("-c a.yaml rules test -r a.yaml --events a", "talon rules test --help")]
    [InlineData("-c a.yaml", "talon --help")]
    [InlineData("-r a.yaml rules", "talon rules --help")]
    [InlineData("-c", "talon --help")]
    [InlineData("version --loud", "talon version --help")]
    public async Task Run_WrongUsage_IsTwoAndPointsToTheHelp(string line, string help)
    {
        var cli = new TestCli();

        Assert.Equal(2, await cli.RunAsync(line.Split(' ')));
        Assert.Empty(cli.Out);
        string[] said = cli.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(said[..^1], text => Assert.StartsWith("talon: ", text, StringComparison.Ordinal));
        Assert.Equal($"Try '{help}'.", said[^1]);
    }

    [Theory]
    [InlineData("-r {rules} rules check")]
    [InlineData("rules -r {rules} check")]
    [InlineData("-r {rules} {rules} rules check")]
    [InlineData("-r {rules} rules check -r {rules}")]
    [InlineData("-c {config} rules check")]
    [InlineData("rules -c {config} check")]
    [InlineData("--config={config} rules check")]
    [InlineData("-r{rules} rules check")]
    [InlineData("-r {rules} rules print")]
    [InlineData("-c {config} rbac print")]
    [InlineData("-r {rules} rules test --events /dev/null")]
    [InlineData("actionners list -c {config}")]
    [InlineData("outputs list -c /nowhere/config.yaml")]
    [InlineData("notifiers list -r /nowhere/rules.yaml")]
    [InlineData("-c {config} actionners list")]
    [InlineData("-r {rules} outputs list -o json")]
    [InlineData("-r {rules} --help")]
    public async Task Run_OptionBeforeTheCommandOrWhereTheOriginalTakesIt_IsTaken(string line)
    {
        using var folder = new TempFolder();
        string rules = folder.Write("rules.yaml", TestRules.Shell);
        string config = folder.Write("config.yaml", $"rules_files: [{rules}]\n");
        var cli = new TestCli();

        int code = await cli.RunAsync(
            [.. line.Split(' ').Select(word => word.Replace("{rules}", rules, StringComparison.Ordinal).Replace("{config}", config, StringComparison.Ordinal))]);

        Assert.True(code == 0, cli.Error);
        Assert.DoesNotContain("talon: ", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OptionBeforeTheServer_IsTheServers()
    {
        using var folder = new TempFolder();
        var cli = new TestCli();

        Assert.Equal(1, await cli.RunAsync("-c", folder.Write("config.yaml", "watch_rules: 7\n"), "-r", "rules.yaml", "server"));
        Assert.Contains("config.yaml:1:14: watch_rules", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-c a.yaml version", "talon: --config has no meaning for this command")]
    [InlineData("-c a.yaml", "talon: --config is given, but no command that takes it")]
    [InlineData("-c a.yaml server -c b.yaml", "talon: Option '-c' expects a single argument but 2 were provided.")]
    public async Task Run_OptionThatCannotBeTaken_SaysWhy(string line, string expected)
    {
        var cli = new TestCli();

        Assert.Equal(2, await cli.RunAsync(line.Split(' ')));
        Assert.Equal(expected, cli.Error.Split('\n')[0]);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("--help")]
    [InlineData("actionners list")]
    [InlineData("notifiers list -o json")]
    [InlineData("rules test -r {rules} --events {events}")]
    [InlineData("rules print -r {rules}")]
    public async Task Run_OutputThatCannotBeWritten_IsOneClearLine(string line)
    {
        using var folder = new TempFolder();
        string rules = folder.Write("rules.yaml", TestRules.Shell);
        string events = folder.Write("events.jsonl", string.Concat(Enumerable.Repeat(TestEvents.Shell.Trim() + "\n", 500)));
        var disk = new FullDisk();
        var cli = new TestCli { Output = new StreamWriter(new OutputStream(disk)) };

        int code = await cli.RunAsync(
            [.. line.Split(' ').Select(word => word.Replace("{rules}", rules, StringComparison.Ordinal).Replace("{events}", events, StringComparison.Ordinal))]);
        await cli.Output.DisposeAsync();

        Assert.Equal(1, code);
        Assert.Equal("talon: the output cannot be written: No space left on device\n", cli.Error);
        Assert.Equal(1, disk.Writes);
    }

    [Fact]
    public async Task Run_WrongUsage_DoesNotRepeatControlCharacters()
    {
        var cli = new TestCli();

        Assert.Equal(2, await cli.RunAsync("non\e[31msense\u202e"));
        Assert.DoesNotContain('\e', cli.Error);
        Assert.DoesNotContain('\u202e', cli.Error);
    }

    [Fact]
    public async Task Version_Always_NamesTheBuildAndEndsWithAnEmptyLine()
    {
        var cli = new TestCli();

        Assert.Equal(0, await cli.RunAsync("version"));
        string[] lines = cli.Out.Split('\n');
        Assert.Equal(
            "GitVersion,GitCommit,GitTreeState,BuildDate,RuntimeVersion,Platform",
            string.Join(',', lines[..6].Select(text => text.Split(':')[0])));
        Assert.All(lines[..6], text => Assert.Equal(17, text.Length - text[15..].TrimStart().Length));
        Assert.Equal("", lines[6]);
    }

    [Fact]
    public async Task ActionnersList_Text_HasTheOriginalsKeysInOrder()
    {
        var cli = new TestCli();

        Assert.Equal(0, await cli.RunAsync("actionners", "list"));
        Assert.StartsWith("--- kubernetes:terminate ---\n\nparameters:\n", cli.Out.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        string first = cli.Out.ReplaceLineEndings("\n").Split("--- kubernetes:label ---")[0];
        string[] keys =
        [
            "parameters", "name", "category", "description", "source", "permissions", "example", "required_output_fields", "continue", "use_context",
            "allow_output", "require_output",
        ];
        Assert.Equal(
            string.Join(',', keys),
            string.Join(',', first.Split('\n').Where(line => line.Length > 0 && char.IsLetter(line[0])).Select(line => line.Split(':')[0])));
        Assert.Contains("\n  labels (required): ", cli.Out.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ActionnersList_Json_IsAListOfAll()
    {
        var cli = new TestCli();

        Assert.Equal(0, await cli.RunAsync("actionners", "list", "-o", "json"));
        using var json = System.Text.Json.JsonDocument.Parse(cli.Out);
        var names = json.RootElement.EnumerateArray().Select(item => $"{item.GetProperty("category")}:{item.GetProperty("name")}").ToList();
        Assert.Contains("kubernetes:terminate", names);
        Assert.Contains("kubernetes:label", names);
        var lambda = json.RootElement.EnumerateArray().Single(item => item.GetProperty("category").GetString() == "aws");
        Assert.Contains("lambda:InvokeFunction", lambda.GetProperty("permissions").GetString(), StringComparison.Ordinal);
    }
}
