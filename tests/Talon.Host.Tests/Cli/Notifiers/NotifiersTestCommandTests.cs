using System.Text.Json;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Cli.Notifiers;

public sealed class NotifiersTestCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestCli _cli = new();

    [Fact]
    public async Task Test_OtherSideTakesIt_SaysWhatItAnswered()
    {
        await using var server = new AnsweringServer(_ => (200, "thank you"));

        Assert.Equal(0, await _cli.RunAsync("notifiers", "test", "webhook", "-c", Config($"notifiers: {{webhook: {{url: \"{server.Url}\", notify_on: [failure], rules: [Other]}}}}")));

        Assert.Equal("webhook: delivered; the answer was 200: thank you\n", _cli.Out);
        Assert.Empty(_cli.Error);
        using var record = JsonDocument.Parse(Assert.Single(server.Bodies));
        Assert.Equal(("Talon test", "this is a test of the notifier webhook; nothing was done"), (Text("rule"), Text("output")));

        string? Text(string key) => record.RootElement.GetProperty(key).GetString();
    }

    [Fact]
    public async Task Test_Twice_IsNotTheSameRecord()
    {
        await using var server = new AnsweringServer(_ => (200, ""));
        string config = Config($"notifiers: {{webhook: {{url: \"{server.Url}\"}}}}");

        await _cli.RunAsync("notifiers", "test", "webhook", "-c", config);
        await _cli.RunAsync("notifiers", "test", "webhook", "-c", config);

        Assert.Equal(2, server.Bodies.Select(body => JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Test_OtherSideRefuses_SaysItsWordsWithoutTheSecret()
    {
        await using var server = new AnsweringServer(request => (403, $"invalid_token {request.RawUrl}"));
        string secret = _folder.Write("url", $"{server.Url}/services/T00/B00/t0psecret\n");

        Assert.Equal(1, await _cli.RunAsync("notifiers", "test", "slack", "-c", Config($"notifiers: {{slack: {{webhook_url_file: {secret}}}}}")));

        Assert.StartsWith("slack: REFUSED: 403: invalid_token ", _cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("t0psecret", _cli.Out + _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_OtherSideHasTrouble_SaysThatAServerWouldTryAgain()
    {
        Assert.Equal(1, await _cli.RunAsync("notifiers", "test", "webhook", "-c", Config($"notifiers: {{webhook: {{url: \"http://127.0.0.1:{FreePorts.Take(1)[0]}\"}}}}")));

        Assert.StartsWith("webhook: FAILED, a server would try again: no connection: ", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_SettingsOfTheEnvironment_AreEnough()
    {
        await using var server = new AnsweringServer(_ => (200, "ok"));
        _cli.Environment["NOTIFIERS_SLACK_WEBHOOK_URL"] = server.Url;

        Assert.Equal(0, await _cli.RunAsync("notifiers", "test", "slack", "-c", Config("dry_run: false")));

        Assert.Equal("slack: delivered; the answer was 200: ok\n", _cli.Out);
        Assert.Contains("Talon test", Assert.Single(server.Bodies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_K8sEventsWithoutACluster_Fails()
    {
        string kubeconfig = _folder.Write("kubeconfig", $$$"""
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: k, user: u}}]
            clusters: [{name: k, cluster: {server: "http://127.0.0.1:{{{FreePorts.Take(1)[0]}}}"}}]
            users: [{name: u, user: {token: t0psecret}}]
            """);

        Assert.Equal(1, await _cli.RunAsync("notifiers", "test", "k8sevents", "-c", Config($"kubeconfig: {kubeconfig}")));

        Assert.StartsWith("k8sevents: FAILED, a server would try again: ", _cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("t0psecret", _cli.Out + _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("slack", "dry_run: false", "talon: slack: notifiers.slack: setting 'webhook_url' is missing; ")]
    [InlineData("webhook", "notifiers: {webhook: {url: \"http://x\", ca_file: /nowhere/ca}}", "talon: notifiers.webhook.ca_file: the file '/nowhere/ca' cannot be used: ")]
    [InlineData("slack", "notifiers: {slack: {webhook_url_file: /nowhere/url}}", "talon: the file of notifiers.slack.webhook_url_file cannot be read: ")]
    public async Task Test_SettingsThatCannotBeUsed_NameTheKey(string name, string config, string error)
    {
        Assert.Equal(1, await _cli.RunAsync("notifiers", "test", name, "-c", Config(config)));

        Assert.StartsWith(error, _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Out);
    }

    [Fact]
    public async Task Test_UnknownNotifier_IsWrongUsage()
    {
        Assert.Equal(2, await _cli.RunAsync("notifiers", "test", "slak"));

        Assert.Contains("slak", _cli.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Config(string text) => _folder.Write("config.yaml", text);
}
