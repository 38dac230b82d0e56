using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Talon.Actors.Notifiers.Smtp;

/// <summary>One connection to the mail server. A receiver that the server refuses does not stop the others.</summary>
internal sealed class SmtpSession : SmtpClient
{
    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";

    private readonly SmtpSettings _settings;
    private readonly X509Certificate2Collection? _authorities;
    private readonly List<RefusedReceiver> _refused = [];

    /// <param name="authorities">Those that alone are trusted; null when the system decides.</param>
    /// <param name="certificate">What Talon shows; null for nothing.</param>
    public SmtpSession(SmtpSettings settings, X509Certificate2Collection? authorities, X509Certificate2? certificate)
        : base(new AnswerLimit())
    {
        _settings = settings;
        _authorities = authorities;
        SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        CheckCertificateRevocation = false;
        ServerCertificateValidationCallback = IsTrusted;
        if (certificate is not null)
        {
            ClientCertificates = [certificate];
        }
    }

    /// <summary>Connects, turns to TLS as the settings want it, and logs in when they have a user.</summary>
    /// <exception cref="ClearLoginException">The login would be sent where anybody can read it.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var mode = _settings.Mode switch
        {
            SmtpTls.None => SecureSocketOptions.None,
            SmtpTls.StartTls => SecureSocketOptions.StartTls,
            SmtpTls.Implicit => SecureSocketOptions.SslOnConnect,
            _ => SecureSocketOptions.StartTlsWhenAvailable,
        };
        await ConnectAsync(_settings.Host, _settings.Port, mode, cancellationToken);
        if (_settings.User.Length == 0)
        {
            return;
        }

        if (!IsSecure && !_settings.AllowPlaintextAuth)
        {
            throw new ClearLoginException();
        }

        await AuthenticateAsync(_settings.User, _settings.Password, cancellationToken);
    }

    /// <summary>Sends a mail, and tells who does not get it: some, or with <see cref="SmtpCommandException"/> all.</summary>
    public async Task<(string Answer, ImmutableArray<RefusedReceiver> Refused)> MailAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        _refused.Clear();
        string answer = await SendAsync(mail, cancellationToken);
        return (answer, [.. _refused]);
    }

    protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
        _refused.Add(new RefusedReceiver(mailbox.Address, (int)response.StatusCode, response.Response));

    // One that may take it later is reason enough to try again.
    protected override void OnNoRecipientsAccepted(MimeMessage message)
    {
        var first = _refused.FirstOrDefault(receiver => receiver.Status < 500) ?? _refused[0];
        throw new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, (SmtpStatusCode)first.Status, string.Join("; ", _refused.Select(receiver => receiver.ToString())));
    }

    private bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (_settings.Tls.IsInsecure)
        {
            return true;
        }

        // Without authorities of our own the chain is judged already; a wrong name is wrong whoever signed it.
        return _authorities is null ? errors == SslPolicyErrors.None : (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None && IsOfAuthorities(_authorities, certificate, chain);
    }

    private static bool IsOfAuthorities(X509Certificate2Collection authorities, X509Certificate? certificate, X509Chain? sent)
    {
        if (certificate is not X509Certificate2 leaf)
        {
            return false;
        }

        using var chain = new X509Chain
        {
            ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
        };
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerPurpose));
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(leaf);
    }
}
