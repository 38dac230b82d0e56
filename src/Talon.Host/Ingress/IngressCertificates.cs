using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Talon.Actors.Telemetry;

namespace Talon.Host.Ingress;

/// <summary>
/// The certificate of the ingress and the authority that its clients' certificates must come from. The files are checked
/// again at most every 30 s, when a connection is made; a new set takes effect as a whole, one that does not fit leaves the
/// old one in force and the log says so.
/// </summary>
internal sealed class IngressCertificates
{
    /// <summary>How long the files are used before they are checked again.</summary>
    public static readonly TimeSpan RecheckInterval = TimeSpan.FromSeconds(30);

    private readonly string _certificateFile;
    private readonly string _keyFile;
    private readonly string _clientCaFile;
    private readonly TimeProvider _time;
    private readonly ITalonLog _log;
    private Loaded _loaded;
    private long _checkedAt;

    /// <summary>Reads the files.</summary>
    /// <param name="certificateFile">PEM: the certificate, then the intermediate ones.</param>
    /// <param name="keyFile">PEM: its private key.</param>
    /// <param name="clientCaFile">PEM: the authorities of client certificates; empty when clients need none.</param>
    /// <param name="log">Where to say that changed files were or were not taken.</param>
    /// <exception cref="IngressCertificateException">A file is missing, is no PEM, or key and certificate do not fit.</exception>
    public IngressCertificates(string certificateFile, string keyFile, string clientCaFile, TimeProvider time, ITalonLog log)
    {
        _certificateFile = certificateFile;
        _keyFile = keyFile;
        _clientCaFile = clientCaFile;
        _time = time;
        _log = log;
        _loaded = Load();
        _checkedAt = time.GetTimestamp();
    }

    /// <summary>Whether senders of events must present a certificate.</summary>
    public bool AsksForClientCertificate => _clientCaFile.Length > 0;

    /// <summary>
    /// The TLS options for a new connection. A wrong client certificate ends the handshake, none does not: the probes of the
    /// kubelet come through the same port and cannot present one. The event route asks for it.
    /// </summary>
    public SslServerAuthenticationOptions Options()
    {
        Refresh();
        return Volatile.Read(ref _loaded).Options;
    }

    private static X509Certificate2Collection ReadCertificates(string key, string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new IngressCertificateException($"{key}: '{file}' cannot be read as PEM certificates: {e.Message}", e);
        }

        return certificates.Count > 0
            ? certificates
            : throw new IngressCertificateException($"{key}: '{file}' holds no PEM certificate", null);
    }

    private static bool IsAbsentOrTrusted(X509Certificate? certificate, X509Chain? presented, X509Certificate2Collection authorities)
    {
        if (certificate is null)
        {
            return true;
        }

        if (certificate is not X509Certificate2 client)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2", "client authentication"));
        chain.ChainPolicy.DisableCertificateDownloads = true;
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(client);
    }

    private void Refresh()
    {
        long checkedAt = Interlocked.Read(ref _checkedAt);
        if (_time.GetElapsedTime(checkedAt) < RecheckInterval
            || Interlocked.CompareExchange(ref _checkedAt, _time.GetTimestamp(), checkedAt) != checkedAt)
        {
            return;
        }

        try
        {
            if (Stamp() != _loaded.Stamp)
            {
                Volatile.Write(ref _loaded, Load());
                _log.Write(new LogLine("http") { Result = "new TLS certificate of the ingress in force" });
            }
        }
        catch (Exception e) when (e is IngressCertificateException or IOException or UnauthorizedAccessException)
        {
            _log.Write(new LogLine("http") { Level = LogLineLevel.Warn, Error = $"new TLS files not taken, the old ones stay: {e.Message}" });
        }
    }

    private Loaded Load()
    {
        string stamp = Stamp();
        var chain = ReadCertificates("ingress.tls.cert", _certificateFile);
        X509Certificate2 certificate;
        try
        {
            using var fromPem = X509Certificate2.CreateFromPemFile(_certificateFile, _keyFile);

            // A key that lives only in memory is refused by some TLS stacks: a round trip through PKCS#12 makes it usable on all.
            certificate = X509CertificateLoader.LoadPkcs12(fromPem.Export(X509ContentType.Pkcs12), password: null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new IngressCertificateException(
                $"ingress.tls.key: '{_keyFile}' is not the private key (PEM, not encrypted) of the certificate '{_certificateFile}': {e.Message}", e);
        }

        var authorities = _clientCaFile.Length > 0 ? ReadCertificates("ingress.tls.client_ca", _clientCaFile) : null;
        chain.RemoveAt(0);
        return new Loaded(stamp, MakeOptions(certificate, chain, authorities));
    }

    private static SslServerAuthenticationOptions MakeOptions(
        X509Certificate2 certificate, X509Certificate2Collection intermediates, X509Certificate2Collection? authorities)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, intermediates, offline: true),
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        };
        if (authorities is not null)
        {
            options.ClientCertificateRequired = true;
            options.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
            options.RemoteCertificateValidationCallback = (_, client, chain, _) => IsAbsentOrTrusted(client, chain, authorities);
        }

        return options;
    }

    // A mounted secret is a chain of links: the target of the last one carries the time that changes.
    private string Stamp() => string.Join('|', new[] { _certificateFile, _keyFile, _clientCaFile }.Where(file => file.Length > 0).Select(file =>
    {
        var info = new FileInfo(file);
        info = info.Exists ? info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info : info;
        return info.Exists ? $"{info.FullName}:{info.LastWriteTimeUtc.Ticks}:{info.Length}" : "missing";
    }));

    private sealed record Loaded(string Stamp, SslServerAuthenticationOptions Options);
}
