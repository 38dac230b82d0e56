using System.Collections.Immutable;
using System.Text;
using Talon.Actors.Notifiers.Smtp;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;
using Talon.Testing.Tools;

namespace Talon.Actors.Tests.Notifiers.Smtp;

/// <summary><c>smtp</c> against a real mail server: what is taken, refused and put off.</summary>
[Trait("Speed", "Slow")]
public sealed class SmtpNotifierTests(MailServer server) : IClassFixture<MailServer>
{
    private readonly KeptLog _log = new();

    [ToolFact(TestTool.SmtpServer)]
    public async Task Send_HtmlMail_ArrivesAsItWasMade()
    {
        var record = Record("whole");

        var delivered = Assert.IsType<NotifyResult.Delivered>(await SendAsync(server.Settings(server.PlainPort, "a@example.org", "b@example.org"), record));

        var mail = Assert.Single(server.Of(record.Id));
        Assert.Equal(("talon@example.org", "a@example.org|b@example.org", "", false), (mail.From, string.Join('|', mail.To), mail.User, mail.Secure));
        Assert.Equal("[falco-talon][failure][action] Action 'Terminate Pod' Rule 'Shell'", mail.Message().Subject);
        Assert.Equal(MailText.Body(record), mail.Message().TextBody!.ReplaceLineEndings("\n"));
        Assert.Equal(MailHtml.Of(record), mail.Message().HtmlBody!.ReplaceLineEndings("\n"));
        Assert.StartsWith("queued as", delivered.Answer, StringComparison.Ordinal);
    }

    [ToolFact(TestTool.SmtpServer)]
    public async Task Send_TextMail_IsOnePart()
    {
        var record = Record("text");

        await SendAsync(server.Settings(server.PlainPort) with { IsText = true }, record);

        var message = Assert.Single(server.Of(record.Id)).Message();
        Assert.Equal("text/plain", message.Body!.ContentType.MimeType);
        Assert.Equal(MailText.Body(record), message.TextBody!.ReplaceLineEndings("\n"));
    }

    [ToolFact(TestTool.SmtpServer)]
    public async Task Send_Batch_TakesOneConnection()
    {
        ImmutableArray<Notification> batch = [.. Enumerable.Range(0, 5).Select(i => Record($"batch{i}"))];

        Assert.IsType<NotifyResult.Delivered>(await SendAsync(server.Settings(server.PlainPort), [.. batch]));

        Assert.Single(batch.Select(record => Assert.Single(server.Of(record.Id)).Session).Distinct());
    }

    [ToolFact(TestTool.SmtpServer)]
    public async Task Send_OneReceiverIsRefused_TheOthersGetItAndItIsTold()
    {
        var record = Record("some");

        var delivered = Assert.IsType<NotifyResult.Delivered>(await SendAsync(server.Settings(server.PlainPort, "gone@example.org", "a@example.org", "later@example.org"), record));

        const string told = "not taken for gone@example.org: 550 no such user; later@example.org: 451 greylisted, try again";
        Assert.StartsWith(told, delivered.Answer, StringComparison.Ordinal);
        Assert.Equal(["a@example.org"], Assert.Single(server.Of(record.Id)).To);
        var line = Assert.Single(_log.Lines);
        Assert.Equal((LogLineLevel.Warn, "smtp", told), (line.Level, line.Notifier, line.Error));
    }

    [ToolFact(TestTool.SmtpServer)]
    public async Task Send_AllReceiversAreRefused_IsRefused()
    {
        var refused = Assert.IsType<NotifyResult.Refused>(await SendAsync(server.Settings(server.PlainPort, "gone@example.org", "gone@example.com"), Record("none")));

        Assert.Equal("no receiver is taken: gone@example.org: 550 no such user; gone@example.com: 550 no such user", refused.Reason);
    }

    [ToolFact(TestTool.SmtpServer)]
    public async Task Send_NoReceiverIsTakenYet_IsTriedAgain()
    {
        var record = Record("grey");
        var settings = server.Settings(server.PlainPort, "gone@example.org", "grey1@example.org");

        var troubled = Assert.IsType<NotifyResult.Troubled>(await SendAsync(settings, record));
        Assert.Equal("no receiver is taken: gone@example.org: 550 no such user; grey1@example.org: 451 greylisted, try again", troubled.Reason);
        Assert.Empty(troubled.Ends);

        Assert.IsType<NotifyResult.Delivered>(await SendAsync(settings, record));
        Assert.Single(server.Of(record.Id));
    }

    [ToolFact(TestTool.SmtpServer)]
    public async Task Send_ServerJudgesEachMail_EachHasItsEnd()
    {
        var spam = Record("spam") with { Rule = "spam" };
        var full = Record("full") with { Rule = "full" };
        var good = Record("good");

        var troubled = Assert.IsType<NotifyResult.Troubled>(await SendAsync(server.Settings(server.PlainPort), spam, full, good));

        Assert.Equal<RecordEnd>([RecordEnd.Refused, RecordEnd.Again, RecordEnd.Delivered], troubled.Ends);
        Assert.StartsWith("452: no room; 554: this looks like spam", troubled.Reason, StringComparison.Ordinal);
        Assert.Single(server.Of(good.Id));
    }

    [ToolFact(TestTool.SmtpServer)]
    public async Task Send_LineIsCutInABatch_WhatWasSentStaysSent()
    {
        var troubled = Assert.IsType<NotifyResult.Troubled>(
            await SendAsync(server.Settings(server.PlainPort), Record("before"), Record("cut") with { Rule = "cut" }, Record("behind")));

        Assert.Equal<RecordEnd>([RecordEnd.Delivered, RecordEnd.Again, RecordEnd.Again], troubled.Ends);
        Assert.StartsWith("the connection broke: ", troubled.Reason, StringComparison.Ordinal);
    }

    [ToolFact(TestTool.SmtpServer)]
    public async Task Send_LineIsCutAtTheReceiver_IsTriedAgain()
    {
        var troubled = Assert.IsType<NotifyResult.Troubled>(await SendAsync(server.Settings(server.PlainPort, "cut@example.org"), Record("cut2")));

        Assert.StartsWith("the connection broke: ", troubled.Reason, StringComparison.Ordinal);
    }

    [ToolFact(TestTool.SmtpServer)]
    public async Task Send_ServerHangsInABatch_WhatWasSentStaysSent()
    {
        using var deadline = new CancellationTokenSource();
        var first = Record("first");
        var sending = Notifier(server.Settings(server.PlainPort)).SendAsync([first, Record("hang") with { Rule = "silent" }], deadline.Token);
        await Eventually.TrueAsync(() => server.Of(first.Id).Count == 1);
        await deadline.CancelAsync();

        var troubled = Assert.IsType<NotifyResult.Troubled>(await sending);
        Assert.Equal<RecordEnd>([RecordEnd.Delivered, RecordEnd.Again], troubled.Ends);
        Assert.StartsWith("no end in time after 1 of 2 mails", troubled.Reason, StringComparison.Ordinal);
    }

    [ToolFact(TestTool.SmtpServer)]
    public async Task Send_ServerHangsAtTheReceiver_EndsWithItsToken()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Notifier(server.Settings(server.PlainPort, "silent@example.org")).SendAsync([Record("hang2")], deadline.Token));
    }

    [ToolFact(TestTool.SmtpServer)]
    public async Task Send_HostileRecord_AddsNoHeaderAndNoPart()
    {
        var record = Record("hostile") with
        {
            Rule = "x'\r\nBcc: evil@example.org\r\n\r\n<b>body</b>",
            Action = "y\u0000\u2028Cc: evil@example.org",
            Text = "z\r\n.\r\nMAIL FROM:<evil@example.org>\r\n--=_talon_\r\n",
        };

        Assert.IsType<NotifyResult.Delivered>(await SendAsync(server.Settings(server.PlainPort), record));

        var mail = Assert.Single(server.Of(record.Id));
        Assert.Equal(["security@example.org"], mail.To);
        Assert.Equal(
            ["From", "Date", "Subject", "Message-Id", "To", "Auto-Submitted", "MIME-Version"],
            mail.Message().Headers.Select(header => header.Field));
        Assert.Equal(2, mail.Message().BodyParts.Count());
        Assert.Equal(MailText.Body(record), mail.Message().TextBody!.ReplaceLineEndings("\n"));
        Assert.All(mail.Raw.Split("\r\n"), line => Assert.InRange(Encoding.Latin1.GetByteCount(line), 0, 998));
    }

    private static Notification Record(string name) => Records.Failure with { Id = $"{name}-1/0/action" };

    private SmtpNotifier Notifier(SmtpSettings settings) => new(settings, TimeProvider.System, _log);

    private Task<NotifyResult> SendAsync(SmtpSettings settings, params Notification[] batch) => Notifier(settings).SendAsync([.. batch], CancellationToken.None);
}
