using System.Collections.Immutable;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Webhook;

/// <summary>The settings of <c>webhook</c>.</summary>
/// <param name="HttpMethod">The method; GET sends no body.</param>
internal sealed record WebhookSettings(
    string Url, string HttpMethod, string ContentType, string UserAgent, ImmutableSortedDictionary<string, string> CustomHeaders)
{
    private const string DefaultContentType = "application/json; charset=utf-8";
    private const string DefaultUserAgent = "falco-talon";
    private const string Structured = "structured";
    private const string Binary = "binary";

    public static ParameterSchema Schema { get; } = new(
    [
        HttpSettings.Url("The address that the record is sent to."),
        new ParameterSpec
        {
            Name = "http_method",
            Type = ParameterType.Text,
            DefaultText = "POST",
            Description = "The method; GET sends no body.",
            Check = SettingChecks.OneOf("POST", "PUT", "PATCH", "GET"),
        },
        new ParameterSpec
        {
            Name = "content_type",
            Type = ParameterType.Text,
            DefaultText = DefaultContentType,
            Description = "The media type of the body; an event of CloudEvents has its own.",
            Check = SettingChecks.MediaType,
        },
        new ParameterSpec
        {
            Name = "user_agent",
            Type = ParameterType.Text,
            DefaultText = DefaultUserAgent,
            Description = "The name under which Talon calls.",
            Check = SettingChecks.HeaderValue,
        },
        HttpSettings.CustomHeaders,
        new ParameterSpec
        {
            Name = "body",
            Type = ParameterType.Text,
            DefaultText = "record",
            Description = "What is sent: record (as JSON), cloudevents (an event of CloudEvents 1.0 about it), or what template makes of it.",
            Check = SettingChecks.OneOf("record", "cloudevents", "template"),
        },
        new ParameterSpec
        {
            Name = "cloudevents_mode",
            Type = ParameterType.Text,
            DefaultText = Structured,
            Description = "Where the attributes of the event stand: structured puts all into the body, binary puts them into headers.",
            Check = SettingChecks.OneOf(Structured, Binary),
        },
        new ParameterSpec
        {
            Name = "template",
            Type = ParameterType.Text,
            DefaultText = "none",
            Description = "The body as a template of Liquid, for body: template. Values are escaped as the media type asks for.",
        },
        new ParameterSpec
        {
            Name = "hmac_secret",
            Type = ParameterType.Text,
            DefaultText = "no signature",
            IsSecret = true,
            Description = "Signs each body: the header X-Talon-Signature is t=<unix>,v1=<hex HMAC-SHA256 of t, a dot and the body>.",
            Check = SettingChecks.NotEmpty,
        },
        .. TlsSettings.Specs,
    ])
    { Word = "setting", Check = CheckTogether };

    /// <summary>What is sent.</summary>
    public WebhookBody Body { get; init; }

    /// <summary>The template of <see cref="WebhookBody.Template"/>; empty for none.</summary>
    public string Template { get; init; } = "";

    /// <summary>The secret that signs; empty for no signature.</summary>
    public string HmacSecret { get; init; } = "";

    /// <summary>Whom it trusts.</summary>
    public TlsSettings Tls { get; init; } = new("", "", "", false);

    /// <summary>Reads settings as written. The problems are empty when they are right.</summary>
    public static (WebhookSettings Settings, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (map, problems) = Schema.Bind(written);
        var settings = new WebhookSettings(
            map.GetText("url") ?? "",
            map.GetText("http_method") ?? "POST",
            map.GetText("content_type") ?? DefaultContentType,
            map.GetText("user_agent") ?? DefaultUserAgent,
            HttpSettings.HeadersOf(map, "custom_headers"))
        {
            Body = BodyOf(map),
            Template = map.GetText("template") ?? "",
            HmacSecret = map.GetText("hmac_secret") ?? "",
            Tls = TlsSettings.Of(map),
        };
        return (settings, problems);
    }

    /// <summary>Leaves the secrets out: settings get printed.</summary>
    public override string ToString() => $"WebhookSettings {{ HttpMethod = {HttpMethod}, CustomHeaders = {string.Join(", ", CustomHeaders.Keys)} }}";

    private static WebhookBody BodyOf(ParameterMap map) => map.GetText("body") switch
    {
        "cloudevents" => map.GetText("cloudevents_mode") == Binary ? WebhookBody.CloudEventBinary : WebhookBody.CloudEventStructured,
        "template" => WebhookBody.Template,
        _ => WebhookBody.Record,
    };

    private static string? CheckTogether(ParameterMap map)
    {
        string template = map.GetText("template") ?? "";
        if (BodyOf(map) == WebhookBody.Template != (template.Length > 0))
        {
            return "settings 'body' and 'template' go together: 'body: template' sends what 'template' makes";
        }

        string? problem = template.Length > 0 ? BodyTemplate.Check(template, map.GetText("content_type") ?? DefaultContentType) : null;
        return problem is null ? TlsSettings.Check(map) : $"setting 'template': {problem}";
    }
}
