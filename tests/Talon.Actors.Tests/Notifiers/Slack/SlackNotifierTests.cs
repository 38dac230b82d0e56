using System.Net;
using Microsoft.AspNetCore.Http;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Notifiers.Slack;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Notifiers.Http;
using Talon.Actors.Tests.Pipeline.Notifying;

namespace Talon.Actors.Tests.Notifiers.Slack;

/// <summary>Against a server that answers as Slack does: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks</summary>
public sealed class SlackNotifierTests : HttpNotifierContract
{
    // The last part of the address is the token.
    private const string Path = "/services/T00000000/B00000000/" + Canary;

    [Fact]
    public async Task Send_Record_IsOneMessageAsJson()
    {
        await using var server = await LocalServer.StartAsync(200, "ok");
        using var notifier = Notifier(server.Url + Path);

        var delivered = Assert.IsType<NotifyResult.Delivered>(await notifier.SendAsync([Notifications.Of()], CancellationToken.None));

        Assert.Equal("200: ok", delivered.Answer);
        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", Path, "application/json; charset=utf-8"), (request.Method, request.Path, request.Header("Content-Type")));
        Assert.Equal(SlackMessage.ToUtf8(Notifications.Of(), Settings(server.Url)), request.Body);
    }

    [Theory]
    [InlineData(400, "invalid_payload", "400: invalid_payload")]
    [InlineData(400, "no_text", "400: no_text")]
    [InlineData(403, "action_prohibited", "403: action_prohibited: a rule of the workspace forbids it")]
    [InlineData(403, "invalid_token", "403: invalid_token: the webhook is gone or disabled; make another one in Slack and set webhook_url")]
    [InlineData(404, "no_team", "404: no_team: the webhook is gone or disabled; make another one in Slack and set webhook_url")]
    [InlineData(404, "channel_not_found", "404: channel_not_found: the channel of the webhook is gone; make another webhook and set webhook_url")]
    [InlineData(410, "channel_is_archived", "410: channel_is_archived: the channel of the webhook is archived; restore it, or set webhook_url to that of another channel")]
    public async Task Send_SlackRefuses_IsDefiniteAndSaysWhatToDo(int status, string word, string reason)
    {
        await using var server = await LocalServer.StartAsync(status, word);
        using var notifier = Notifier(server.Url + Path);

        Assert.Equal(new NotifyResult.Refused(reason), await notifier.SendAsync([Notifications.Of()], CancellationToken.None));
    }

    [Fact]
    public async Task Send_TooManyMessages_IsTriedAgainWhenSlackSays()
    {
        await using var server = await LocalServer.StartAsync(429, "rate_limited", ("Retry-After", "30"));
        using var notifier = Notifier(server.Url + Path);

        Assert.Equal(new NotifyResult.Troubled("429: rate_limited", TimeSpan.FromSeconds(30)), await notifier.SendAsync([Notifications.Of()], CancellationToken.None));
    }

    [Theory]
    [InlineData(500, "rollup_error")]
    [InlineData(503, "service_unavailable")]
    public async Task Send_SlackHasTrouble_IsTriedAgain(int status, string word)
    {
        await using var server = await LocalServer.StartAsync(status, word);
        using var notifier = Notifier(server.Url + Path);

        Assert.Equal(new NotifyResult.Troubled($"{status}: {word}"), await notifier.SendAsync([Notifications.Of()], CancellationToken.None));
    }

    private protected override INotifier Make(string url, TlsSettings tls, IWebProxy? proxy) => new SlackNotifier(Settings(url + Path) with { Tls = tls }, TimeProvider.System, proxy);

    private protected override Task AnswerAsync(HttpContext context, LocalRequest request) => LocalServer.AnswerAsync(context, 200, "ok", "text/html");

    private static SlackNotifier Notifier(string url) => new(Settings(url), TimeProvider.System);

    private static SlackSettings Settings(string url) => new(url, "", "Falco Talon", "footer", false, new TlsSettings("", "", "", false));
}
