namespace Talon.Host.Tests.Configuration;

/// <summary>The settings of notifiers.</summary>
public sealed class ConfigNotifiersTests
{
    [Fact]
    public void Read_DefaultNotifierOfTheEnvironmentThatIsNone_IsAnError()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DEFAULT_NOTIFIERS"] = "slack, Loki, emial" };

        Assert.Contains(
            "environment variable DEFAULT_NOTIFIERS: default_notifiers: unknown notifier 'emial'; known: k8sevents, slack, smtp, webhook, loki, elasticsearch",
            ConfigText.Read("", environment).Errors);
    }

    [Theory]
    [InlineData("SLACK_WEBHOK_URL", "https://t0psecret", "slack: unknown setting 'webhok_url'; did you mean 'webhook_url'?")]
    [InlineData("SLACK_WEBHOOK_URL", "t0psecret", "slack: setting 'webhook_url': must be an absolute URL that begins with http:// or https://")]
    [InlineData("K8SEVENTS_URL", "x", "k8sevents: unknown setting 'url'; known: notify_on, min_priority, rules, max_age")]
    [InlineData("SMTP_TLS", "perhaps", "smtp: setting 'tls': must be none, starttls, implicit, true or false")]
    [InlineData("ELASTICSEARCH_NUMBER_OF_SHARDS", "many", "elasticsearch: setting 'number_of_shards' must be a whole number from 1 to 1024")]
    [InlineData("ELASTICSEARCH_NUMBER_OF_SHARDS", "99999999999999999999", "elasticsearch: setting 'number_of_shards' must be a whole number from 1 to 1024")]
    [InlineData("ELASTICSEARCH_NUMBER_OF_SHARDS", "0", "elasticsearch: setting 'number_of_shards': must be a whole number from 1 to 1024")]
    [InlineData(
        "WEBHOOK_CUSTOM_HEADERS", "X-Key: t0psecret",
        "webhook: setting 'custom_headers' must be given in the configuration file: a variable cannot hold it")]
    public void Read_NotifierVariableThatIsWrong_IsAnErrorThatNamesIt(string variable, string value, string error)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NOTIFIERS_" + variable] = value };

        var result = ConfigText.Read("", environment);

        Assert.Null(result.Options);
        Assert.Equal($"environment variable NOTIFIERS_{variable}: notifiers.{error}", Assert.Single(result.Errors));
    }

    [Fact]
    public void Read_NotifierVariables_StandOverTheFileWithoutAWarning()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["NOTIFIERS_SLACK_WEBHOOK_URL"] = "https://env",
            ["NOTIFIERS_SLACK_NOTIFY_ON"] = "failure, ignored",
            ["NOTIFIERS_SMTP_PASSWORD"] = "4711",
            ["NOTIFIERS_SMTP_TLS"] = "1",
            ["NOTIFIERS_ELASTICSEARCH_NUMBER_OF_SHARDS"] = "1",
            ["NOTIFIERS_ELASTICSEARCH_URL"] = "",
            ["NOTIFIERS_PAGERDUTY_KEY"] = "another program's",
            ["NOTIFIERS_SLACK"] = "another program's",
        };

        var result = ConfigText.Read(
            "notifiers:\n  slack: {webhook_url: \"https://file\", username: file, rules: [Shell]}\n  elasticsearch: {url: \"https://file\"}\n", environment);

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        var settings = result.Options!.Notifiers;
        Assert.Equal(("https://env", "file"), (settings.Of("slack").GetText("webhook_url"), settings.Of("slack").GetText("username")));
        Assert.Equal<string>(["failure", "ignored"], settings.Of("slack").GetTexts("notify_on"));
        Assert.Equal<string>(["Shell"], settings.Of("slack").GetTexts("rules"));
        Assert.Equal(("4711", "true"), (settings.Of("smtp").GetText("password"), settings.Of("smtp").GetText("tls")));
        Assert.Equal(("https://file", 1), (settings.Of("elasticsearch").GetText("url"), settings.Of("elasticsearch").GetWhole("number_of_shards")));
        Assert.DoesNotContain("4711", settings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SecretInTheOtherFormOfTheEnvironment_StandsOverTheFile()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NOTIFIERS_SLACK_WEBHOOK_URL_FILE"] = "/secret" };

        var result = ConfigText.Read("default_notifiers: [slack]\nnotifiers: {slack: {webhook_url: \"https://file\"}}", environment);

        Assert.Empty(result.Errors);
        Assert.Equal(["webhook_url_file"], result.Options!.Notifiers.Of("slack").Names);
    }

    [Fact]
    public void Read_EmptySecretBesideItsFile_SaysNothing()
    {
        var result = ConfigText.Read("default_notifiers: [slack]\nnotifiers: {slack: {webhook_url: \"\", webhook_url_file: /secret}}");

        Assert.Empty(result.Errors);
    }

    [Theory]
    [InlineData("default_notifiers: [k8sevents, Slack]\nnotifiers: {slack: {username: x}}", "config.yaml:1:20: default_notifiers: notifiers.slack: setting 'webhook_url' is missing; ")]
    [InlineData(
        "default_notifiers:\n- slack\nnotifiers: {slack: {webhook_url: \"https://x\", webhook_url_file: /s}}",
        "config.yaml:3:20: notifiers.slack: settings 'webhook_url' and 'webhook_url_file' are both given; keep one of them")]
    public void Read_DefaultNotifierWhoseSettingsDoNotSuffice_IsAnErrorWithItsPlace(string text, string error)
    {
        var result = ConfigText.Read(text);

        Assert.Null(result.Options);
        Assert.Contains(result.Errors, line => line.StartsWith(error, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_DefaultNotifierOfTheEnvironmentThatLacksASetting_NamesTheVariable()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DEFAULT_NOTIFIERS"] = "slack" };

        Assert.StartsWith(
            "environment variable DEFAULT_NOTIFIERS: default_notifiers: notifiers.slack: setting 'webhook_url' is missing; ",
            Assert.Single(ConfigText.Read("", environment).Errors),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("notify_on: [fail]", "setting 'notify_on': item 1: must be success, failure, ignored or dry_run")]
    [InlineData("min_priority: grave", "setting 'min_priority': must be one of Debug, ")]
    [InlineData("max_age: soon", "setting 'max_age': must be a duration from 1s to 1d")]
    public void Read_SettingOfDeliveryThatIsWrong_IsAnErrorAtItsPlace(string setting, string error) => Assert.StartsWith(
        $"config.yaml:2:{15 + setting.IndexOf(' ', StringComparison.Ordinal) + 1}: notifiers.k8sevents: {error}",
        Assert.Single(ConfigText.Read($"notifiers:\n  k8sevents: {{{setting}}}").Errors),
        StringComparison.Ordinal);

    [Fact]
    public void Read_NotifiersWithoutTheirRequiredSettings_AreNoErrorYet()
    {
        var result = ConfigText.Read("default_notifiers:\nnotifiers:\n  slack: {webhook_url: \"\", icon: \"\", format: \"\"}\n  smtp: {user: , to: \"\"}\n  k8sevents: {}\n  loki:\n");

        Assert.Empty(result.Errors);
    }

    // Every setting that the original has, as its sample configuration writes them.
    [Fact]
    public void Read_EveryNotifierOfTheOriginal_HasNoErrorAndNoWarning()
    {
        var result = ConfigText.Read("""
            default_notifiers:
              - k8sevents
              - Slack
              - smtp
              - webhook
              - loki
              - elasticsearch
            notifiers:
              slack:
                webhook_url: "https://hooks.slack.com/services/XXXX"
                icon: "https://upload.wikimedia.org/wikipedia/commons/2/26/Circaetus_gallicus_claw.jpg"
                username: "Falco Talon"
                footer: "https://github.com/falcosecurity/falco-talon"
                format: long
              smtp:
                host_port: "localhost:1025"
                user: ""
                password: ""
                from: "falco@falco.org"
                to: "user@test.com, other@test.com"
                format: html
                tls: false
              webhook:
                url: "http://localhost:8080"
                http_method: POST
                content_type: "application/json; charset=utf-8"
                user_agent: falco-talon
                custom_headers: {}
              loki:
                url: "http://localhost:3100"
                user: ""
                api_key: ""
                tenant: ""
                custom_headers: {}
              elasticsearch:
                url: "http://localhost:9200"
                user: ""
                password: ""
                index: falco-talon
                suffix: daily
                create_index_template: true
                number_of_shards: 3
                number_of_replicas: 3
                custom_headers: {}
            """);

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        Assert.Equal(["user@test.com, other@test.com", "false"], [result.Options!.Notifiers.Of("smtp").GetText("to"), result.Options.Notifiers.Of("smtp").GetText("tls")]);
    }
}
