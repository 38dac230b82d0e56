using System.Text.Json;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Cli.Rules;

public sealed class RulesCommandsTests : IDisposable
{
    private const string HostileNames = """
        - rule: "R\e[31m\n\u202e\u2066\u200e"
          match:
            source: syscall
          actions:
            - action: "A\e]0;x\a\n\u2069\u200f"
              actionner: kubernetes:terminate
        """;

    private readonly TempFolder _folder = new();
    private readonly TestCli _cli = new();

    [Fact]
    public async Task Check_ValidFile_IsFine()
    {
        string rules = _folder.Write("rules.yaml", TestRules.Shell);

        Assert.Equal(0, await _cli.RunAsync("rules", "check", "-r", rules));
        Assert.StartsWith($"rules file valid: 1 rule in {rules} (hash ", _cli.Out, StringComparison.Ordinal);
        Assert.Empty(_cli.Error);
    }

    [Fact]
    public async Task Check_BrokenFile_TellsEveryErrorWithItsPlace()
    {
        string rules = _folder.Write("rules.yaml", """
            - rule: Shell
              match:
                priority: Loud
              actions:
                - action: A
                  actionner: kubernetes:terminat
            """);

        Assert.Equal(1, await _cli.RunAsync("rules", "check", "-r", rules));
        Assert.Empty(_cli.Out);
        string[] said = _cli.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("invalid rules: 2 errors", said[^1]);
        Assert.Equal(2, said.Count(line => line.StartsWith($"{rules}:", StringComparison.Ordinal)));
        Assert.Contains("kubernetes:terminate", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_UnknownKey_IsAWarningOnlyWhenLenient()
    {
        string rules = _folder.Write("rules.yaml", TestRules.Shell + "\n  colour: red\n");

        Assert.Equal(1, await _cli.RunAsync("rules", "check", "-r", rules));
        Assert.Contains("colour", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(0, await _cli.RunAsync("rules", "check", "--lenient", "-r", rules));
        Assert.Contains("warning: ", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("print")]
    public async Task Rules_EvidenceBeforeTermination_AreValidWithAWarning(string command)
    {
        string rules = _folder.Write("rules.yaml", """
            - rule: T
              match: {source: s}
              actions:
                - {action: Log, actionner: "kubernetes:log"}
                - {action: Terminate, actionner: "kubernetes:terminate"}
            """);

        Assert.Equal(0, await _cli.RunAsync("rules", command, "-r", rules));

        Assert.Contains($"{rules}:4:16: warning: rule 'T' action 'Log': whoever controls the container can make kubernetes:log fail", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_MissingFile_IsNotFine()
    {
        Assert.Equal(1, await _cli.RunAsync("rules", "check", "-r", "/nowhere/rules.yaml"));
        Assert.Contains("/nowhere/rules.yaml", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Print_TwoFiles_IsOneFileThatChecksAsTheSameRules()
    {
        string rules = _folder.Write("rules.yaml", TestRules.Shell);
        string over = _folder.Write("over.yaml", "- rule: Shell\n  dry_run: true\n");

        Assert.Equal(0, await _cli.RunAsync("rules", "check", "-r", rules, over));
        string hash = _cli.Out[_cli.Out.IndexOf("(hash", StringComparison.Ordinal)..];
        var print = new TestCli();
        Assert.Equal(0, await print.RunAsync("rules", "print", "-r", rules, over));
        Assert.Contains("  dry_run: true\n", print.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', print.Out);
        string merged = _folder.Write("merged.yaml", print.Out);
        var check = new TestCli();
        Assert.Equal(0, await check.RunAsync("rules", "check", "-r", merged));
        Assert.EndsWith(hash, check.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Print_BrokenFile_PrintsNothingButTheErrors()
    {
        string rules = _folder.Write("rules.yaml", "- rule: R\n");

        Assert.Equal(1, await _cli.RunAsync("rules", "print", "-r", rules));
        Assert.Empty(_cli.Out);
        Assert.Contains($"{rules}:1:9: rule 'R': the rule has no actions", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Print_NoFileGiven_TakesThoseOfTheConfiguration()
    {
        string rules = _folder.Write("rules.yaml", TestRules.Shell);
        string config = _folder.Write("config.yaml", $"rules_files: [{rules}]");

        Assert.Equal(0, await _cli.RunAsync("rules", "print", "-c", config));
        Assert.StartsWith("- rule: ", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(1, await _cli.RunAsync("rules", "print", "-c", "/nowhere/config.yaml"));
    }

    [Fact]
    public async Task Test_EmptyEventsPath_IsOneClearLine()
    {
        string rules = _folder.Write("rules.yaml", TestRules.Shell);

        Assert.Equal(1, await _cli.RunAsync("rules", "test", "-r", rules, "--events", ""));
        Assert.StartsWith("'': the events cannot be read", _cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NoFileGiven_TakesThoseOfTheConfiguration()
    {
        string rules = _folder.Write("rules.yaml", TestRules.Shell);
        string config = _folder.Write("config.yaml", $"rules_files: [{rules}]");

        Assert.Equal(0, await _cli.RunAsync("rules", "check", "-c", config));
        Assert.Contains(rules, _cli.Out, StringComparison.Ordinal);
        Assert.Equal(1, await _cli.RunAsync("rules", "check", "-c", "/nowhere/config.yaml", "-r", rules));
    }

    [Fact]
    public async Task Test_Json_IsTheDocumentedForm()
    {
        string rules = _folder.Write("rules.yaml", """
            - rule: First
              match:
                rules: [Terminal shell in container]
              actions:
                - action: Label it
                  actionner: kubernetes:label
                  parameters: {labels: {seen: "true"}}
                - action: Kill it
                  actionner: kubernetes:terminate
            - rule: Last
              continue: false
              match:
                source: syscall
              actions:
                - action: Kill it again
                  actionner: kubernetes:terminate
            - rule: Not reached
              match:
                source: syscall
              actions:
                - action: Kill
                  actionner: kubernetes:terminate
            """);
        string events = _folder.Write("events.jsonl", TestEvents.Shell.Trim() + "\nnonsense\n" + """{"rule":"x","source":"k8s_audit"}""" + "\n");

        Assert.Equal(1, await _cli.RunAsync("rules", "test", "-r", rules, "--events", events, "-o", "json"));

        string[] lines = _cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal(
            """{"rules":["First","Last","Not reached"],"actions":[{"rule":"First","action":"Label it","actionner":"kubernetes:label"},{"rule":"First","action":"Kill it","actionner":"kubernetes:terminate"},{"rule":"Last","action":"Kill it again","actionner":"kubernetes:terminate"}]}""",
            lines[0]);
        Assert.StartsWith("{\"error\":\"", lines[1], StringComparison.Ordinal);
        Assert.Equal("""{"rules":[],"actions":[]}""", lines[2]);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Test_NamesOfTheRuleFile_AreEscaped(string form)
    {
        string rules = _folder.Write("rules.yaml", HostileNames);
        var cli = new TestCli { In = TestEvents.Shell.Trim() + "\n" };

        Assert.Equal(0, await cli.RunAsync("rules", "test", "-r", rules, "--events", "-", "-o", form));

        Assert.DoesNotContain(cli.Out, IsHostile);
        Assert.Equal(form == "json" ? 1 : 3, cli.Out.Count(c => c == '\n'));
        if (form == "json")
        {
            using var json = JsonDocument.Parse(cli.Out);
            Assert.Equal("R\e[31m\n\u202e\u2066\u200e", json.RootElement.GetProperty("rules")[0].GetString());
            Assert.Equal("A\e]0;x\a\n\u2069\u200f", json.RootElement.GetProperty("actions")[0].GetProperty("action").GetString());
        }
        else
        {
            Assert.Contains(@"rule 'R\u001b[31m\u000a\u202e\u2066\u200e' matches", cli.Out, StringComparison.Ordinal);
            Assert.Contains(@"action 'A\u001b]0;x\u0007\u000a\u2069\u200f' (", cli.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Print_NamesOfTheRuleFile_AreEscapedAndTheSameRules()
    {
        string rules = _folder.Write("rules.yaml", HostileNames);

        Assert.Equal(0, await _cli.RunAsync("rules", "print", "-r", rules));

        Assert.DoesNotContain(_cli.Out, IsHostile);
        Assert.Equal(TestRules.Load(HostileNames).Hash, TestRules.Load(_cli.Out).Hash);
    }

    [Fact]
    public async Task Check_FileName_IsEscaped()
    {
        string rules = _folder.Write("ru\e[31m\u202eles.yaml", TestRules.Shell);

        Assert.Equal(0, await _cli.RunAsync("rules", "check", "-r", rules));
        Assert.DoesNotContain(_cli.Out, IsHostile);
        Assert.Contains(@"ru\u001b[31m\u202eles.yaml", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(1, await _cli.RunAsync("rules", "test", "-r", rules, "--events", "/nowhere/\e[31m"));
        Assert.DoesNotContain('\e', _cli.Error);
    }

    [Fact]
    public async Task Test_StandardInput_IsReadAndTextExplains()
    {
        string rules = _folder.Write("rules.yaml", TestRules.Shell);
        var cli = new TestCli { In = TestEvents.Shell.Trim() + "\n" + """{"rule":"Other \u001b[31mrule","output":"x"}""" + "\n" };

        Assert.Equal(0, await cli.RunAsync("rules", "test", "-r", rules, "--events", "-"));

        Assert.Contains("rule 'Shell' matches: all conditions hold\n    would run: action 'Terminate Pod' (kubernetes:terminate)", cli.Out, StringComparison.Ordinal);
        Assert.Contains("rule 'Shell' does not match: ", cli.Out, StringComparison.Ordinal);
        Assert.Contains("nothing would run", cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', cli.Out);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Test_AllSampleEvents_GiveOneAnswerEach(string form)
    {
        string rules = _folder.Write("rules.yaml", TestRules.Shell);
        var cli = new TestCli { In = string.Join('\n', TestEvents.All()) };

        Assert.Equal(0, await cli.RunAsync("rules", "test", "-r", rules, "--events", "-", "-o", form));
        Assert.Equal(600, cli.Out.Split('\n').Count(line => line.StartsWith("event ", StringComparison.Ordinal) || line.StartsWith('{')));
    }

    [Fact]
    public async Task Test_EventsMissing_IsNotFine()
    {
        string rules = _folder.Write("rules.yaml", TestRules.Shell);

        Assert.Equal(1, await _cli.RunAsync("rules", "test", "-r", rules, "--events", "/nowhere/events.jsonl"));
        Assert.Contains("/nowhere/events.jsonl: the events cannot be read", _cli.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static bool IsHostile(char c) => c != '\n' && (char.IsControl(c) || c is '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));
}
