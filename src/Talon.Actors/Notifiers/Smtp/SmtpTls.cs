namespace Talon.Actors.Notifiers.Smtp;

/// <summary>When a connection to a mail server turns to TLS.</summary>
internal enum SmtpTls
{
    /// <summary>Before anything is sent, if the server offers STARTTLS; else never.</summary>
    IfOffered = 0,

    /// <summary>Never.</summary>
    None = 1,

    /// <summary>Before anything is sent, by STARTTLS; a server that does not offer it gets no mail.</summary>
    StartTls = 2,

    /// <summary>At once, as on port 465.</summary>
    Implicit = 3,
}
