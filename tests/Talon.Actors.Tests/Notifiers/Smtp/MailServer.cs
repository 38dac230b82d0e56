using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using MimeKit;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Notifiers.Smtp;
using Talon.Testing.Tools;

namespace Talon.Actors.Tests.Notifiers.Smtp;

/// <summary>A real mail server, and what it took. One for all tests of a class: each asks for mails of its own.</summary>
public sealed class MailServer : IAsyncLifetime, IDisposable
{
    /// <summary>The password of the user <c>talon</c>.</summary>
    public const string Password = "c4n4ry+secret/";

    private readonly TempFolder _folder = new();
    private readonly TestCertificates _authority = new("right");
    private readonly int[] _ports = FreePorts.Take(3);
    private ToolServer? _server;

    public int PlainPort => _server!.Port;

    public int StartTlsPort => _ports[0];

    public int ImplicitPort => _ports[1];

    /// <summary>Implicit TLS, and a client must show a certificate.</summary>
    public int MutualPort => _ports[2];

    internal TlsSettings Trusted => new(_folder.Write("ca.pem", _authority.AuthorityPem), "", "", false);

    public async Task InitializeAsync()
    {
        if (TestTools.WhyUnavailable(TestTool.SmtpServer) is not null)
        {
            return;
        }

        using var certificate = _authority.IssueServer();
        using var key = certificate.GetECDsaPrivateKey()!;
        string settings = JsonSerializer.Serialize(new
        {
            folder = _folder.Path,
            key = key.ExportPkcs8PrivateKeyPem(),
            cert = certificate.ExportCertificatePem(),
            ca = _authority.AuthorityPem,
            password = Password,
            starttls = StartTlsPort,
            @implicit = ImplicitPort,
            mutual = MutualPort,
        });
        _server = await ToolServer.StartSmtpAsync(_folder.Write("settings.json", settings));
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    internal SmtpSettings Settings(int port, params string[] to) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        From = "talon@example.org",
        To = to.Length == 0 ? ["security@example.org"] : [.. to],
        Tls = Trusted,
    };

    internal TlsSettings WithClientCertificate()
    {
        using var own = _authority.IssueClient("talon");
        using var key = own.GetECDsaPrivateKey()!;
        return Trusted with
        {
            CertFile = _folder.Write("cert.pem", own.ExportCertificatePem()),
            KeyFile = _folder.Write("key.pem", key.ExportPkcs8PrivateKeyPem()),
        };
    }

    /// <summary>The mails of a record, in the order in which they came.</summary>
    internal IReadOnlyList<TakenMail> Of(string recordId) =>
    [
        .. Directory.GetFiles(_folder.Path, "*.json")
            .Where(file => int.TryParse(Path.GetFileNameWithoutExtension(file), out _))
            .OrderBy(file => int.Parse(Path.GetFileNameWithoutExtension(file)))
            .Select(file => JsonSerializer.Deserialize<TakenMail>(File.ReadAllText(file), JsonSerializerOptions.Web)!)
            .Where(mail => mail.Message().MessageId == $"{recordId}@example.org"),
    ];

    /// <summary>A mail as the server took it.</summary>
    internal sealed record TakenMail(string Raw, string Session, bool Secure, string User, string From, string[] To)
    {
        public MimeMessage Message() => MimeMessage.Load(new MemoryStream(Encoding.Latin1.GetBytes(Raw)));
    }
}
