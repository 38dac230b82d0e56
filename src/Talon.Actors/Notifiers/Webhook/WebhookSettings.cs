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
            Description = "The media type of the body.",
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
    ])
    { Word = "setting" };

    /// <summary>Reads settings as written. The problems are empty when they are right.</summary>
    public static (WebhookSettings Settings, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (map, problems) = Schema.Bind(written);
        var settings = new WebhookSettings(
            map.GetText("url") ?? "",
            map.GetText("http_method") ?? "POST",
            map.GetText("content_type") ?? DefaultContentType,
            map.GetText("user_agent") ?? DefaultUserAgent,
            HttpSettings.HeadersOf(map, "custom_headers"));
        return (settings, problems);
    }

    /// <summary>Leaves the secrets out: settings get printed.</summary>
    public override string ToString() => $"WebhookSettings {{ HttpMethod = {HttpMethod}, CustomHeaders = {string.Join(", ", CustomHeaders.Keys)} }}";
}
