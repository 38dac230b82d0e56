using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Talon.Actors.Notifiers.Http;
using Talon.Rules.Text;
using AuthenticationException = MailKit.Security.AuthenticationException;

namespace Talon.Actors.Notifiers.Smtp;

/// <summary>Why a mail was not taken.</summary>
/// <param name="Reason">One line without secrets.</param>
/// <param name="IsForGood">Whether no other try can help.</param>
internal sealed record SmtpTrouble(string Reason, bool IsForGood)
{
    private const int FirstDefinite = 500;

    /// <summary>What an exception of the client means; null when it is none that a server or the network can cause.</summary>
    /// <param name="e">The exception; its text may repeat what the server said.</param>
    /// <param name="mask">Takes the secrets out.</param>
    public static SmtpTrouble? Of(Exception e, SecretMask mask)
    {
        return e switch
        {
            ClearLoginException => new(e.Message, IsForGood: true),
            AuthenticationException { InnerException: SmtpCommandException inner } => new($"the login was refused: {Answer(inner)}", IsDefinite(inner)),
            AuthenticationException => new($"the login was refused: {Line(e)}", IsForGood: true),
            SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } answer => new($"no receiver is taken: {Line(e)}", IsDefinite(answer)),
            SmtpCommandException answer => new(Answer(answer), IsDefinite(answer)),
            ServiceNotAuthenticatedException => new($"530: {Line(e)}; set user and password", IsForGood: true),
            SslHandshakeException => new(
                $"TLS failed: {Line(e.GetBaseException())} Set ca_file to the authority of the server, the name in host_port to one of its certificate, and tls to what its port speaks",
                IsForGood: false),
            NotSupportedException when e.Message.Contains("STARTTLS", StringComparison.Ordinal) =>
                new("the server does not offer STARTTLS; set tls to implicit, none or false", IsForGood: false),
            NotSupportedException => new($"the server cannot do that: {Line(e)}", IsForGood: true),
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
                new($"the name cannot be resolved: {Line(e)}", IsForGood: false),
            SocketException => new($"no connection: {Line(e)}", IsForGood: false),
            IOException or ProtocolException or ServiceNotConnectedException or TimeoutException =>
                new($"the connection broke: {Line(e.GetBaseException())}", IsForGood: false),
            _ => null,
        };

        // Before it is cut: half a secret is none that the mask knows.
        string Line(Exception from) => OneLine.From(mask.Of(from.Message));

        string Answer(SmtpCommandException from) => $"{(int)from.StatusCode}: {Line(from)}";
    }

    private static bool IsDefinite(SmtpCommandException e) => (int)e.StatusCode >= FirstDefinite;
}
