namespace Talon.Host.Tests.Configuration;

/// <summary>The settings of notifiers.</summary>
public sealed class ConfigNotifiersTests
{
    [Fact]
    public void Read_DefaultNotifierOfTheEnvironmentThatIsNone_IsAnError()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DEFAULT_NOTIFIERS"] = "slack, Loki, emial" };

        Assert.Equal(
            "environment variable DEFAULT_NOTIFIERS: default_notifiers: unknown notifier 'emial'; known: k8sevents, slack, smtp, webhook, loki, elasticsearch",
            Assert.Single(ConfigText.Read("", environment).Errors));
    }

    [Theory]
    [InlineData("SLACK_WEBHOK_URL", "https://t0psecret", "slack: unknown setting 'webhok_url'; did you mean 'webhook_url'?")]
    [InlineData("SLACK_WEBHOOK_URL", "t0psecret", "slack: setting 'webhook_url': must be an absolute URL that begins with http:// or https://")]
    [InlineData("K8SEVENTS_URL", "x", "k8sevents: unknown setting 'url'; there are no settings here")]
    [InlineData("SMTP_TLS", "perhaps", "smtp: setting 'tls' must be true or false")]
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
    public void Read_NotifierVariablesThatAreRight_AreWarnings()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["NOTIFIERS_SLACK_WEBHOOK_URL"] = "https://x",
            ["NOTIFIERS_SMTP_PASSWORD"] = "4711",
            ["NOTIFIERS_SMTP_TLS"] = "false",
            ["NOTIFIERS_ELASTICSEARCH_NUMBER_OF_SHARDS"] = "1",
            ["NOTIFIERS_ELASTICSEARCH_URL"] = "",
            ["NOTIFIERS_PAGERDUTY_KEY"] = "another program's",
            ["NOTIFIERS_SLACK"] = "another program's",
        };

        var result = ConfigText.Read("", environment);

        Assert.Empty(result.Errors);
        Assert.Equal<string>(
            [
                "environment variable NOTIFIERS_SLACK_WEBHOOK_URL: notifiers.slack.webhook_url has no effect in this version",
                "environment variable NOTIFIERS_SMTP_PASSWORD: notifiers.smtp.password has no effect in this version",
                "environment variable NOTIFIERS_SMTP_TLS: notifiers.smtp.tls has no effect in this version",
                "environment variable NOTIFIERS_ELASTICSEARCH_NUMBER_OF_SHARDS: notifiers.elasticsearch.number_of_shards has no effect in this version",
            ],
            result.Warnings);
    }

    [Fact]
    public void Read_NotifiersWithoutTheirRequiredSettings_AreNoErrorYet()
    {
        var result = ConfigText.Read("default_notifiers:\nnotifiers:\n  slack: {webhook_url: \"\", icon: \"\", format: \"\"}\n  smtp: {user: , to: \"\"}\n  k8sevents: {}\n  loki:\n");

        Assert.Empty(result.Errors);
    }
}
