using Talon.Host.Tests.Support;
using Talon.Rules.Yaml;

namespace Talon.Host.Tests.Cli.Lists;

public sealed class RbacPrintCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestCli _cli = new();

    [Fact]
    public async Task Print_Rules_GivesRoleAndBinding()
    {
        string rules = _folder.Write("rules.yaml", TestRules.Shell);

        Assert.Equal(0, await _cli.RunAsync("rbac", "print", "-r", rules, "-n", "security", "--service-account", "responder", "--name", "talon"));

        Assert.Empty(_cli.Error);
        var documents = YamlDocument.Read("rbac.yaml", _cli.Out).Documents.Cast<YamlNode.Mapping>().ToList();
        Assert.Equal(["ClusterRole", "ClusterRoleBinding"], documents.Select(document => ((YamlNode.Scalar)document.Find("kind")!).Text));
        Assert.Contains("  name: talon\n", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("  - kind: ServiceAccount\n    name: responder\n    namespace: security\n", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("resources: [\"pods\"]", _cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("secrets", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Print_RulesThatUseACloud_SaysInCommentsWhatTheyNeedThere()
    {
        string rules = _folder.Write("rules.yaml", """
            - action: Keep the Logs
              actionner: kubernetes:log
              output:
                target: local:file
                parameters:
                  destination: /tmp

            - rule: Shell
              match:
                rules:
                  - Terminal shell in container
              actions:
                - action: Keep the Logs
            """);

        Assert.Equal(0, await _cli.RunAsync("rbac", "print", "-r", rules));

        Assert.StartsWith(
            "# Beyond Kubernetes, local:file needs:\n#   Write access to the folder for the user that Talon runs as.\n\napiVersion: ", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(2, YamlDocument.Read("rbac.yaml", _cli.Out).Documents.Length);
    }

    [Fact]
    public async Task Print_BrokenRules_PrintsNothing()
    {
        string rules = _folder.Write("rules.yaml", "- rule: R\n");

        Assert.Equal(1, await _cli.RunAsync("rbac", "print", "-r", rules));

        Assert.Empty(_cli.Out);
        Assert.Contains(rules, _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--namespace", "Falco")]
    [InlineData("--service-account", "a\nb: c")]
    [InlineData("--name", "")]
    public async Task Print_BadName_IsWrongUsage(string option, string value)
    {
        string rules = _folder.Write("rules.yaml", TestRules.Shell);

        Assert.Equal(2, await _cli.RunAsync("rbac", "print", "-r", rules, option, value));

        Assert.Empty(_cli.Out);
        Assert.Contains($"{option} must be a name", _cli.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
