using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Slack;

/// <summary>
/// <c>slack</c>: one message a record, to an incoming webhook. Slack has no way to tell that a message was sent before: one whose answer was lost
/// may stand there twice.
/// </summary>
internal sealed class SlackNotifier : INotifier, IDisposable
{
    private readonly SlackSettings _settings;
    private readonly NotifierHttp _http;

    /// <summary>Makes the notifier.</summary>
    /// <param name="settings">The settings, which are right.</param>
    /// <param name="proxy">The proxy; null for that of the environment.</param>
    /// <exception cref="SettingException">A file of the settings cannot be used.</exception>
    public SlackNotifier(SlackSettings settings, TimeProvider clock, IWebProxy? proxy = null)
    {
        _settings = settings;
        string path = new Uri(settings.WebhookUrl, UriKind.Absolute).AbsolutePath.Trim('/');
        _http = new NotifierHttp("slack", settings.Tls, clock, proxy, [.. UrlSecrets.Of(settings.WebhookUrl), path, path[(path.LastIndexOf('/') + 1)..]]);
    }

    public NotifierDescriptor Descriptor => SlackModule.Module.Descriptor;

    /// <summary>One: each is a message of its own.</summary>
    public int BatchSize => 1;

    public async Task<NotifyResult> SendAsync(ImmutableArray<Notification> batch, CancellationToken cancellationToken)
    {
        NotifyResult result = new NotifyResult.Delivered();
        foreach (var record in batch)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _settings.WebhookUrl);
            request.Content = new ByteArrayContent(SlackMessage.ToUtf8(record, _settings));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
            var answer = await _http.SendAsync(request, cancellationToken);
            result = _http.Judge(answer with { Text = Explained(answer) });
            if (result is not NotifyResult.Delivered)
            {
                break;
            }
        }

        return result;
    }

    public void Dispose() => _http.Dispose();

    // Its words are those of https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
    private static string Explained(HttpAnswer answer) => (answer.Status, answer.Text.Trim()) switch
    {
        (403 or 404, ("no_team" or "no_service" or "invalid_token" or "team_disabled" or "no_active_hooks") and var word) =>
            $"{word}: the webhook is gone or disabled; make another one in Slack and set webhook_url",
        (404, "channel_not_found" and var word) => $"{word}: the channel of the webhook is gone; make another webhook and set webhook_url",
        (410, "channel_is_archived" and var word) => $"{word}: the channel of the webhook is archived; restore it, or set webhook_url to that of another channel",
        (403, ("action_prohibited" or "posting_to_general_channel_denied") and var word) => $"{word}: a rule of the workspace forbids it",
        _ => answer.Text,
    };
}
