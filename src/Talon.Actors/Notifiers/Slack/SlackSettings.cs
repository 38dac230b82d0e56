using System.Collections.Immutable;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Slack;

/// <summary>The settings of <c>slack</c>.</summary>
/// <param name="WebhookUrl">Where to post; a secret.</param>
/// <param name="Icon">The picture of the sender; empty for that of the webhook.</param>
/// <param name="Username">The name of the sender; empty for that of the webhook.</param>
/// <param name="Footer">What stands below a long message; empty for nothing.</param>
/// <param name="IsShort">Whether a message is the headline alone.</param>
internal sealed record SlackSettings(string WebhookUrl, string Icon, string Username, string Footer, bool IsShort, TlsSettings Tls)
{
    private const string DefaultIcon = "https://upload.wikimedia.org/wikipedia/commons/2/26/Circaetus_gallicus_claw.jpg";
    private const string DefaultUsername = "Falco Talon";
    private const string DefaultFooter = "http://github.com/falcosecurity/falco-talon";

    public static ParameterSchema Schema { get; } = new(
    [
        new ParameterSpec
        {
            Name = "webhook_url",
            Type = ParameterType.Text,
            Required = true,
            IsSecret = true,
            Description = "The address that Slack gives for an incoming webhook.",
            Check = SettingChecks.Url,
        },
        new ParameterSpec
        {
            Name = "icon",
            Type = ParameterType.Text,
            DefaultText = DefaultIcon,
            Description = "The address of the sender's picture; empty for that of the webhook.",
            Check = SettingChecks.UrlOrEmpty,
        },
        new ParameterSpec
        {
            Name = "username",
            Type = ParameterType.Text,
            DefaultText = DefaultUsername,
            Description = "The name of the sender; empty for that of the webhook.",
        },
        new ParameterSpec
        {
            Name = "footer",
            Type = ParameterType.Text,
            DefaultText = DefaultFooter,
            Description = "What stands below a long message; empty for nothing.",
        },
        new ParameterSpec
        {
            Name = "format",
            Type = ParameterType.Text,
            DefaultText = "long",
            Description = "How much a message tells: long, or short for the headline alone.",
            Check = SettingChecks.OneOf("long", "short"),
        },
        .. TlsSettings.Specs,
    ])
    { Word = "setting", Check = TlsSettings.Check };

    /// <summary>Reads settings as written. The problems are empty when they are right.</summary>
    public static (SlackSettings Settings, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (map, problems) = Schema.Bind(written);
        var settings = new SlackSettings(
            map.GetText("webhook_url") ?? "",
            map.GetText("icon") ?? DefaultIcon,
            map.GetText("username") ?? DefaultUsername,
            map.GetText("footer") ?? DefaultFooter,
            map.GetText("format") == "short",
            TlsSettings.Of(map));
        return (settings, problems);
    }

    /// <summary>Leaves the secret out: settings get printed.</summary>
    public override string ToString() => $"SlackSettings {{ Username = {Username}, IsShort = {IsShort} }}";
}
