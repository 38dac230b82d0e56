using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Talon.Actors.Plugins;

namespace Talon.Actors.Notifiers.Smtp;

/// <summary>A record as HTML: a bar in the colour of its status and a table. Nothing in it is loaded from elsewhere, and nothing can be clicked.</summary>
internal static class MailHtml
{
    private static readonly HtmlEncoder Escape = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The document.</summary>
    public static string Of(Notification record)
    {
        var html = new StringBuilder(
            """
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>falco-talon</title></head>
            <body style="margin:0;padding:16px;background:#ffffff;font-family:Arial,Helvetica,sans-serif;font-size:14px;color:#222222">
            <table role="presentation" cellpadding="8" cellspacing="2" style="width:100%;max-width:760px;border-collapse:separate">

            """);
        html.Append(
            CultureInfo.InvariantCulture,
            $"<tr><td colspan=\"2\" style=\"background:{Color(record.Status)};color:#ffffff;font-weight:bold;font-size:16px\">{Escape.Encode(record.Status)}</td></tr>\n");
        foreach (var (label, value) in MailText.Rows(record))
        {
            html.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td style=\"background:#858585;color:#ffffff;font-weight:bold;vertical-align:top;white-space:nowrap\">{Escape.Encode(label)}</td><td style=\"background:#d1d6da;word-break:break-word;overflow-wrap:anywhere\">{Lines(value)}</td></tr>\n");
        }

        return html.Append("</table>\n</body>\n</html>\n").ToString();
    }

    private static string Color(string status) => status switch
    {
        "failure" => "#e20b0b",
        "success" => "#23ba47",
        "ignored" => "#a4a8b1",
        _ => "#858585",
    };

    private static string Lines(string value) => string.Join("<br>\n", value.Split('\n').Select(Escape.Encode));
}
