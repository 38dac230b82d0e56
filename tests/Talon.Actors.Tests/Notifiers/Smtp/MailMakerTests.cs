using System.Collections.Immutable;
using System.Text.RegularExpressions;
using MimeKit;
using Talon.Actors.Notifiers.Smtp;
using Talon.Actors.Plugins;

namespace Talon.Actors.Tests.Notifiers.Smtp;

public sealed partial class MailMakerTests
{
    private static readonly SmtpSettings Html = new() { Host = "h", Port = 25, From = "Talon <talon@example.org>", To = ["a@example.org", "b@example.org"] };

    [Theory]
    [InlineData("success", "html")]
    [InlineData("failure", "html")]
    [InlineData("output", "html")]
    [InlineData("talon", "html")]
    [InlineData("failure", "text")]
    [InlineData("ignored", "text")]
    [InlineData("talon", "text")]
    public void Of_Record_IsTheMailOfTheFile(string record, string format) =>
        Golden.AssertSame($"Smtp/Golden/{record}.{format}.eml", Bytes(MailMaker.Of(Named(record), Html with { IsText = format == "text" })));

    [Fact]
    public void Of_SameRecord_IsTheSameMail() =>
        Assert.Equal(Bytes(MailMaker.Of(Records.Failure, Html)), Bytes(MailMaker.Of(Records.Failure, Html)));

    [Fact]
    public void Of_Record_HasDateAndIdOfTheRecord()
    {
        var mail = MailMaker.Of(Records.Check, Html);

        Assert.Equal("Wed, 25 Nov 2026 10:00:00 +0000", mail.Headers[HeaderId.Date]);
        Assert.Equal("0123456789abcdef-4/0/check@example.org", mail.MessageId);
    }

    [Theory]
    [InlineData("talon/n1.example.org/rules/1")]
    [InlineData("a>\r\nBcc: b@c/0/action")]
    public void Of_IdWithOtherLetters_HasAnIdAllTheSame(string id) =>
        Assert.Matches("^[0-9a-f]{64}@example.org$", MailMaker.Of(Records.Success with { Id = id }, Html).MessageId);

    [Fact]
    public void Subject_LongAndHostileNames_IsOneBoundedLine()
    {
        string subject = MailText.Subject(Records.Output with { DryRun = true, Rule = new string('r', 5000), Action = "a\r\nBcc: x@y\u202E" });

        Assert.StartsWith("[falco-talon][success][output][dry run] OutputTarget 'aws:s3' Action 'a Bcc: x@y' Rule 'rrr", subject, StringComparison.Ordinal);
        Assert.InRange(subject.Length, 100, 300);
    }

    [Fact]
    public void Html_HostileTexts_AddNoTag()
    {
        const string hostile = "</td><script>alert(1)</script><img src=x onerror=\"y\"> ' & \r\n <a href=http://x>";
        var tame = Records.All.Select(record => With(record, "tame\r\ntext"));
        var wild = Records.All.Select(record => With(record, hostile));

        Assert.Equal(tame.Select(record => Tags(MailHtml.Of(record))), wild.Select(record => Tags(MailHtml.Of(record))));

        static string Tags(string html) => string.Join(' ', Tag().Matches(html).Select(tag => tag.Value));

        static Notification With(Notification record, string text) => record with
        {
            Rule = text,
            Action = text,
            Actionner = text,
            Event = text,
            FalcoRule = text,
            Priority = text,
            Text = text,
            TraceId = text,
            Objects = ImmutableSortedDictionary<string, string>.Empty.Add($"k {text.TrimEnd()}", text),
        };
    }

    [Fact]
    public void Body_ValueWithALineLikeALabel_IsIndented()
    {
        string body = MailText.Body(Records.Failure with { Event = "x\r\nStatus: success\rStatus: success\u2028Status: success\n" });

        Assert.Equal(["Status: failure"], body.Split('\n').Where(line => line.StartsWith("Status", StringComparison.Ordinal)));
        Assert.Contains("Event: x\n    Status: success\n    Status: success\n    Status: success\n", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Body_MuchOfEverything_IsCutAndSaysSo()
    {
        string much = new('x', 100_000);
        var record = Records.Failure with
        {
            Event = much,
            Text = much,
            Objects = Enumerable.Range(0, 1000).ToImmutableSortedDictionary(i => $"k{i:0000}", _ => much, StringComparer.Ordinal),
        };

        string body = MailText.Body(record);
        Assert.InRange(body.Length, 10_000, 250_000);
        Assert.Contains("[cut: 100000 characters in all]", body, StringComparison.Ordinal);
        Assert.Contains("Objects: [cut: 1000 in all]", body, StringComparison.Ordinal);
    }

    private static Notification Named(string name) => name switch
    {
        "success" => Records.Success,
        "failure" => Records.Failure,
        "ignored" => Records.Ignored,
        "output" => Records.Output,
        _ => Records.OfTalon,
    };

    private static byte[] Bytes(MimeMessage mail)
    {
        using var bytes = new MemoryStream();
        mail.WriteTo(new FormatOptions { NewLineFormat = NewLineFormat.Unix }, bytes);
        return bytes.ToArray();
    }

    [GeneratedRegex("<[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();
}
