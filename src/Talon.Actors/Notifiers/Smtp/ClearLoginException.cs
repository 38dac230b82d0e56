namespace Talon.Actors.Notifiers.Smtp;

/// <summary>The login would be sent where anybody can read it.</summary>
internal sealed class ClearLoginException : Exception
{
    public ClearLoginException()
        : base("the connection has no TLS, and the login would be sent in the clear: set tls to starttls or implicit, or else allow_plaintext_auth: true")
    {
    }
}
