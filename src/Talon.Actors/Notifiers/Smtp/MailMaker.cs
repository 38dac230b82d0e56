using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using MimeKit;
using MimeKit.Text;
using Talon.Actors.Plugins;

namespace Talon.Actors.Notifiers.Smtp;

/// <summary>Makes the mail of a record: the same bytes each time, so that what is sent twice can be told.</summary>
internal static class MailMaker
{
    private const int LongestId = 200;

    private static readonly SearchValues<char> IdLetters = SearchValues.Create("-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    /// <summary>The mail, encoded so that every server takes it as it is.</summary>
    public static MimeMessage Of(Notification record, SmtpSettings settings)
    {
        var mail = new MimeMessage { Date = record.At.ToUniversalTime(), Subject = MailText.Subject(record) };
        var from = MailboxAddress.Parse(settings.From);
        mail.From.Add(from);
        mail.To.AddRange(settings.To.Select(MailboxAddress.Parse));
        mail.MessageId = $"{IdOf(record.Id)}@{from.GetAddress(idnEncode: true).Split('@')[^1]}";

        // RFC 3834: nobody's out-of-office note is to answer.
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        var text = Part(TextFormat.Plain, MailText.Body(record));
        mail.Body = settings.IsText ? text : new MultipartAlternative(text, Part(TextFormat.Html, MailHtml.Of(record))) { Boundary = BoundaryOf(record.Id) };
        return mail;
    }

    // RFC 2045, 6.7: quoted-printable text never holds "=_", so no text of an event can end its part and begin another.
    private static string BoundaryOf(string id) => "=_talon_" + Hash(id)[..24];

    private static TextPart Part(TextFormat format, string text)
    {
        var part = new TextPart(format);
        part.SetText(Encoding.UTF8, text);
        part.ContentTransferEncoding = ContentEncoding.QuotedPrintable;
        return part;
    }

    // A message id has letters of its own (RFC 5322, 3.6.4): the id of a record has them, unless the name of a node in it has others.
    private static string IdOf(string id) => id.Length <= LongestId && !id.AsSpan().ContainsAnyExcept(IdLetters) ? id : Hash(id);

    private static string Hash(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
