using Talon.Actors.Notifiers.Elasticsearch;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Notifiers.Loki;
using Talon.Actors.Notifiers.Slack;
using Talon.Actors.Notifiers.Smtp;
using Talon.Actors.Notifiers.Webhook;
using Talon.Rules.Catalog;
using Talon.Rules.Loading.Compiling;
using Talon.Rules.Yaml;

namespace Talon.Actors.Tests.Notifiers;

public sealed class NotifierSettingsTests
{
    [Fact]
    public void Slack_DefaultsAndAll()
    {
        var (settings, problems) = SlackSettings.Read(Of("webhook_url: https://x"));
        Assert.Empty(problems);
        Assert.Equal(("https://x", "Falco Talon", "http://github.com/falcosecurity/falco-talon", false), (settings.WebhookUrl, settings.Username, settings.Footer, settings.IsShort));
        Assert.StartsWith("https://", settings.Icon, StringComparison.Ordinal);

        (settings, problems) = SlackSettings.Read(Of("{webhook_url: https://x, icon: \"\", username: u, footer: \"\", format: short}"));
        Assert.Empty(problems);
        Assert.Equal(new SlackSettings("https://x", "", "u", "", true, new TlsSettings("", "", "", false)), settings);
    }

    [Fact]
    public void Smtp_DefaultsAndAll()
    {
        const string required = "host_port: h:25, from: a@b, to: \"c@d, e@f\"";
        var (settings, problems) = SmtpSettings.Read(Of($"{{{required}}}"));
        Assert.Empty(problems);
        Assert.Equal(("h", 25, "a@b", "c@d|e@f", "", "", false, false), Flat(settings));
        Assert.Equal(SmtpTls.IfOffered, settings.Mode);

        (settings, problems) = SmtpSettings.Read(Of($"{{{required}, user: u, password: p, format: text, tls: true, allow_plaintext_auth: true}}"));
        Assert.Empty(problems);
        Assert.Equal(("h", 25, "a@b", "c@d|e@f", "u", "p", true, true), Flat(settings));

        static (string, int, string, string, string, string, bool, bool) Flat(SmtpSettings s) =>
            (s.Host, s.Port, s.From, string.Join('|', s.To), s.User, s.Password, s.IsText, s.AllowPlaintextAuth);
    }

    [Theory]
    [InlineData("true", SmtpTls.StartTls)]
    [InlineData("\"true\"", SmtpTls.StartTls)]
    [InlineData("starttls", SmtpTls.StartTls)]
    [InlineData("false", SmtpTls.IfOffered)]
    [InlineData("none", SmtpTls.None)]
    [InlineData("implicit", SmtpTls.Implicit)]
    internal void Smtp_Tls_IsAWordOrAFlag(string written, SmtpTls mode)
    {
        var (settings, problems) = SmtpSettings.Read(Of($"{{host_port: h:25, from: a@b, to: c@d, tls: {written}}}"));

        Assert.Empty(problems);
        Assert.Equal(mode, settings.Mode);
    }

    [Theory]
    [InlineData("tls: maybe")]
    [InlineData("tls: 1")]
    [InlineData("from: nobody")]
    [InlineData("to: \"a@b, nobody\"")]
    [InlineData("to: \"a@b\\r\\nBcc: c@d\"")]
    [InlineData("allow_plaintext_auth: often")]
    [InlineData("format: HTML")]
    public void Smtp_WrongValue_IsOneProblemThatNamesTheSetting(string yaml)
    {
        string name = yaml.Split(':')[0];
        var lines = new[] { "host_port: h:25", "from: a@b", "to: c@d" }.Where(line => !line.StartsWith(name, StringComparison.Ordinal)).Append(yaml);

        Assert.StartsWith($"setting '{name}'", Assert.Single(SmtpSettings.Read(Of($"{{{string.Join(", ", lines)}}}")).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Webhook_DefaultsAndAll()
    {
        var (settings, problems) = WebhookSettings.Read(Of("url: http://x"));
        Assert.Empty(problems);
        Assert.Equal(("http://x", "POST", "application/json; charset=utf-8", "falco-talon", 0), Flat(settings));

        (settings, problems) = WebhookSettings.Read(Of("{url: http://x, http_method: PUT, content_type: text/plain, user_agent: t, custom_headers: {A: b, C: }}"));
        Assert.Empty(problems);
        Assert.Equal(("http://x", "PUT", "text/plain", "t", 1), Flat(settings));
        Assert.Equal("b", settings.CustomHeaders["a"]);
        Assert.Equal((WebhookBody.Record, "", ""), (settings.Body, settings.Template, settings.HmacSecret));

        (settings, problems) = WebhookSettings.Read(Of("{url: http://x, body: cloudevents, hmac_secret: s, ca_file: /ca}"));
        Assert.Empty(problems);
        Assert.Equal((WebhookBody.CloudEventStructured, "s", "/ca"), (settings.Body, settings.HmacSecret, settings.Tls.CaFile));
        Assert.Equal(WebhookBody.CloudEventBinary, WebhookSettings.Read(Of("{url: http://x, body: cloudevents, cloudevents_mode: binary}")).Settings.Body);
        Assert.Equal("{{ rule }}", WebhookSettings.Read(Of("{url: http://x, body: template, template: \"{{ rule }}\", content_type: text/plain}")).Settings.Template);

        static (string, string, string, string, int) Flat(WebhookSettings s) => (s.Url, s.HttpMethod, s.ContentType, s.UserAgent, s.CustomHeaders.Count);
    }

    [Theory]
    [InlineData("body: template", "settings 'body' and 'template' go together: 'body: template' sends what 'template' makes")]
    [InlineData("template: x", "settings 'body' and 'template' go together: 'body: template' sends what 'template' makes")]
    [InlineData("{body: template, template: \"{{ ruel }}\"}", "setting 'template': unknown name 'ruel'; did you mean 'rule'?")]
    [InlineData("{cert_file: /c}", "settings 'cert_file' and 'key_file' go together; set both or neither")]
    [InlineData("{body: xml}", "setting 'body': must be record, cloudevents or template")]
    public void Webhook_SettingsThatDoNotFit_AreOneProblem(string yaml, string message)
    {
        var written = Of(yaml).With("url", new ParameterValue.Text("http://x"));

        Assert.Equal(message, Assert.Single(WebhookSettings.Read(written).Problems).Message);
    }

    [Fact]
    public void Loki_DefaultsAndAll()
    {
        var (settings, problems) = LokiSettings.Read(Of("url: http://x"));
        Assert.Empty(problems);
        Assert.Equal(("http://x", "", "", "", false, 0, new TlsSettings("", "", "", false)), Flat(settings));

        (settings, problems) = LokiSettings.Read(Of(
            "{url: http://x, user: u, api_key: k, tenant: t, structured_metadata: true, custom_headers: {A: b}, ca_file: a, cert_file: c, key_file: k, insecure_skip_verify: true}"));
        Assert.Empty(problems);
        Assert.Equal(("http://x", "u", "k", "t", true, 1, new TlsSettings("a", "c", "k", true)), Flat(settings));

        static (string, string, string, string, bool, int, TlsSettings) Flat(LokiSettings s) =>
            (s.Url, s.User, s.ApiKey, s.Tenant, s.StructuredMetadata, s.CustomHeaders.Count, s.Tls);
    }

    [Fact]
    public void Elasticsearch_DefaultsAndAll()
    {
        var (settings, problems) = ElasticsearchSettings.Read(Of("url: http://x"));
        Assert.Empty(problems);
        Assert.Equal(("", "", "falco-talon", IndexSuffix.Daily, true, 3, 3, 0), Flat(settings));

        (settings, problems) = ElasticsearchSettings.Read(Of(
            "{url: http://x, user: u, password: p, index: i, suffix: none, create_index_template: false, number_of_shards: 1, number_of_replicas: 0, custom_headers: {A: b}}"));
        Assert.Empty(problems);
        Assert.Equal(("u", "p", "i", IndexSuffix.None, false, 1, 0, 1), Flat(settings));

        static (string, string, string, IndexSuffix, bool, int, int, int) Flat(ElasticsearchSettings s) =>
            (s.User, s.Password, s.Index, s.Suffix, s.CreateIndexTemplate, s.NumberOfShards, s.NumberOfReplicas, s.CustomHeaders.Count);
    }

    [Fact]
    public void Elasticsearch_DataStreamAndApiKey_AreRead()
    {
        var (settings, problems) = ElasticsearchSettings.Read(Of("{url: http://x, api_key: \"id:key\", data_stream: true, ca_file: a}"));

        Assert.Empty(problems);
        Assert.Equal(("id:key", true, "a"), (settings.ApiKey, settings.DataStream, settings.Tls.CaFile));
        settings = ElasticsearchSettings.Read(Of("url: http://x")).Settings;
        Assert.Equal(("", false, ""), (settings.ApiKey, settings.DataStream, settings.Tls.CaFile));
    }

    [Theory]
    [InlineData("{url: http://x, user: u, password: p, api_key: k}", "settings 'user' and 'api_key' are both given; keep one of them")]
    [InlineData("{url: http://x, cert_file: c}", "settings 'cert_file' and 'key_file' go together; set both or neither")]
    [InlineData("{url: \"http://x?a=b\"}", "setting 'url': must be the address of a server, without ? and #")]
    public void Elasticsearch_SettingsThatDoNotFit_AreOneProblem(string yaml, string message) =>
        Assert.Equal(message, Assert.Single(ElasticsearchSettings.Read(Of(yaml)).Problems).Message);

    [Theory]
    [InlineData("suffix: monthly", IndexSuffix.Monthly)]
    [InlineData("suffix: annually", IndexSuffix.Annually)]
    [InlineData("suffix: daily", IndexSuffix.Daily)]
    internal void Elasticsearch_Suffix_IsRead(string yaml, IndexSuffix suffix) => Assert.Equal(suffix, ElasticsearchSettings.Read(Of($"{{url: http://x, {yaml}}}")).Settings.Suffix);

    [Theory]
    [InlineData("index: Talon")]
    [InlineData("index: a b")]
    [InlineData("index: _a")]
    [InlineData("index: \"\"")]
    [InlineData("suffix: weekly")]
    [InlineData("number_of_shards: 0")]
    [InlineData("number_of_shards: 9223372036854775807")]
    [InlineData("number_of_replicas: -1")]
    public void Elasticsearch_WrongValue_IsOneProblemThatNamesTheSetting(string yaml)
    {
        var (settings, problems) = ElasticsearchSettings.Read(Of($"{{url: http://x, {yaml}}}"));

        Assert.StartsWith($"setting '{yaml.Split(':')[0]}'", Assert.Single(problems).Message, StringComparison.Ordinal);
        Assert.Equal((3, 3), (settings.NumberOfShards, settings.NumberOfReplicas));
    }

    [Fact]
    public void ToString_Settings_ShowNoSecret()
    {
        object[] all =
        [
            SlackSettings.Read(Of("webhook_url: https://t0psecret")).Settings,
            SmtpSettings.Read(Of("password: t0psecret")).Settings,
            WebhookSettings.Read(Of("{custom_headers: {A: t0psecret}, hmac_secret: t0psecret}")).Settings,
            LokiSettings.Read(Of("{api_key: t0psecret, custom_headers: {A: t0psecret}}")).Settings,
            ElasticsearchSettings.Read(Of("{password: t0psecret, api_key: t0psecret, custom_headers: {A: t0psecret}}")).Settings,
        ];

        Assert.All(all, settings => Assert.DoesNotContain("t0psecret", settings.ToString(), StringComparison.Ordinal));
    }

    private static ParameterMap Of(string yaml) => ParameterNodes.ToMap((YamlNode.Mapping)YamlDocument.Read("settings.yaml", yaml).Documents[0]);
}
