using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Talon.Host.Ingress;
using Talon.Host.Logging;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Ingress;

public sealed class IngressCertificatesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestCertificates _ours = new("ours");
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Post_OverTls_IsTaken(string version)
    {
        var (cert, key) = WriteServer("talon");
        await using var server = await TestServer.StartAsync(certificates: log => new IngressCertificates(cert, key, "", _time, log));
        using var client = Client(server, certificate: null);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new StringContent(TestEvents.Shell),
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Version.Parse(version), response.Version);
        Assert.Single(server.Intake.Taken);
    }

    [Fact]
    public async Task Post_WithClientCa_TakesOnlyCertificatesOfThatAuthority()
    {
        var (cert, key) = WriteServer("talon");
        string ca = _folder.Write("ca.pem", _ours.AuthorityPem);
        await using var server = await TestServer.StartAsync(certificates: log => new IngressCertificates(cert, key, ca, _time, log));
        using var theirs = new TestCertificates("theirs");
        using var good = _ours.IssueClient();
        using var foreign = theirs.IssueClient();
        using var wrongPurpose = _ours.IssueServer("not a client");

        // The second connection may resume the TLS session of the first.
        using var allowed = Client(server, good);
        allowed.DefaultRequestHeaders.ConnectionClose = true;
        Assert.Equal(HttpStatusCode.OK, (await allowed.PostAsync("/", new StringContent(TestEvents.Shell))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await allowed.PostAsync("/", new StringContent(TestEvents.Shell))).StatusCode);
        foreach (var certificate in new[] { foreign, wrongPurpose })
        {
            using var refused = Client(server, certificate);
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => refused.PostAsync("/", new StringContent(TestEvents.Shell)));
        }

        Assert.Equal(2, server.Intake.Taken.Count);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Post_WithClientCaAndNoCertificate_Is401BeforeTheToken(string version)
    {
        var (cert, key) = WriteServer("talon");
        string ca = _folder.Write("ca.pem", _ours.AuthorityPem);
        await using var server = await TestServer.StartAsync(
            ingress: new IngressOptions { Authentication = TestServer.Token("t0p") }, certificates: log => new IngressCertificates(cert, key, ca, _time, log));
        using var client = Client(server, certificate: null);
        client.DefaultRequestVersion = Version.Parse(version);
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        client.DefaultRequestHeaders.Authorization = new("Bearer", "t0p");

        var response = await client.PostAsync("/", new StringContent(TestEvents.Shell));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Please present a client certificate\n", await response.Content.ReadAsStringAsync());
        Assert.Empty(server.Intake.Taken);
        Assert.Equal(1, MetricText.ValueOf(await client.GetStringAsync("/metrics"), "talon_ingress_refused_total{cause=\"certificate\"}"));
    }

    [Fact]
    public async Task Post_WithClientCaAndCertificateButNoToken_Is401()
    {
        var (cert, key) = WriteServer("talon");
        string ca = _folder.Write("ca.pem", _ours.AuthorityPem);
        await using var server = await TestServer.StartAsync(
            ingress: new IngressOptions { Authentication = TestServer.Token("t0p") }, certificates: log => new IngressCertificates(cert, key, ca, _time, log));
        using var certificate = _ours.IssueClient();
        using var client = Client(server, certificate);

        var response = await client.PostAsync("/", new StringContent(TestEvents.Shell));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("ingress token", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/metrics")]
    public async Task Get_WithClientCaAndNoCertificate_IsAnswered(string path)
    {
        var (cert, key) = WriteServer("talon");
        string ca = _folder.Write("ca.pem", _ours.AuthorityPem);
        await using var server = await TestServer.StartAsync(certificates: log => new IngressCertificates(cert, key, ca, _time, log));
        using var client = Client(server, certificate: null);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Options_FilesChanged_NewCertificateAfterThirtySeconds()
    {
        var (cert, key) = WriteServer("first");
        await using var server = await TestServer.StartAsync(certificates: log => new IngressCertificates(cert, key, "", _time, log));
        Assert.Equal("CN=first", await SubjectAsync(server));

        WriteServer("second");
        Assert.Equal("CN=first", await SubjectAsync(server));
        _time.Advance(IngressCertificates.RecheckInterval);

        Assert.Equal("CN=second", await SubjectAsync(server));
    }

    [Fact]
    public async Task Options_FilesChangedToNonsense_OldCertificateStays()
    {
        var (cert, key) = WriteServer("first");
        await using var server = await TestServer.StartAsync(certificates: log => new IngressCertificates(cert, key, "", _time, log));

        File.WriteAllText(key, "nonsense");
        _time.Advance(IngressCertificates.RecheckInterval);

        Assert.Equal("CN=first", await SubjectAsync(server));
        Assert.Contains(await server.StopAndReadLogAsync(), line => line.Contains("the old ones stay", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("missing.pem", "key.pem", "", "ingress.tls.cert")]
    [InlineData("empty.pem", "key.pem", "", "ingress.tls.cert")]
    [InlineData("cert.pem", "missing.pem", "", "ingress.tls.key")]
    [InlineData("cert.pem", "other-key.pem", "", "ingress.tls.key")]
    [InlineData("cert.pem", "empty.pem", "", "ingress.tls.key")]
    [InlineData("cert.pem", "key.pem", "empty.pem", "ingress.tls.client_ca")]
    [InlineData("cert.pem", "key.pem", "missing.pem", "ingress.tls.client_ca")]
    public async Task Constructor_FilesThatDoNotFit_NamesTheKey(string cert, string key, string ca, string named)
    {
        WriteServer("talon");
        using var other = _ours.IssueServer("other");
        _folder.Write("other-key.pem", other.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        _folder.Write("empty.pem", "");
        await using var output = new MemoryStream();
        await using var log = new TalonLog(output, new JsonLogLineFormatter(), TimeProvider.System);

        var e = Assert.Throws<IngressCertificateException>(() =>
            new IngressCertificates(PathOf(cert), PathOf(key), ca.Length > 0 ? PathOf(ca) : "", _time, log));

        Assert.StartsWith(named + ": ", e.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _ours.Dispose();
        _folder.Dispose();
    }

    private async Task<string> SubjectAsync(TestServer server)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = TrustOurs() });
        return tls.RemoteCertificate!.Subject;
    }

    private HttpClient Client(TestServer server, X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = TrustOurs() } };
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        return new HttpClient(handler) { BaseAddress = server.Address };
    }

    private X509ChainPolicy TrustOurs()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_ours.Authority);
        return policy;
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private (string Certificate, string Key) WriteServer(string name)
    {
        using var certificate = _ours.IssueServer(name);
        return (
            _folder.Write("cert.pem", certificate.ExportCertificatePem() + "\n" + _ours.AuthorityPem),
            _folder.Write("key.pem", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()));
    }
}
