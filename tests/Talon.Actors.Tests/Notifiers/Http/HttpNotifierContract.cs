using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Pipeline.Notifying;

namespace Talon.Actors.Tests.Notifiers.Http;

/// <summary>What holds for each notifier over HTTP, whatever it sends.</summary>
public abstract class HttpNotifierContract
{
    /// <summary>Stands in each secret of the settings.</summary>
    protected const string Canary = "c4n4ry+secret/";

    public static TheoryData<int> Definite { get; } = [400, 401, 403, 404, 405, 413, 422, 302];

    public static TheoryData<int> Transient { get; } = [408, 429, 500, 502, 503, 504];

    [Fact]
    public async Task Send_ServerTakesIt_IsDelivered()
    {
        await using var server = await LocalServer.StartAsync(AnswerAsync);

        Assert.IsType<NotifyResult.Delivered>(await SendAsync(server.Url));
        Assert.NotEmpty(server.Requests);
    }

    [Theory]
    [MemberData(nameof(Definite))]
    public async Task Send_ServerRefuses_IsRefusedWithItsWords(int status)
    {
        await using var server = await LocalServer.StartAsync(status, "what the server says", ("Location", "http://127.0.0.1:9/elsewhere"));

        var refused = Assert.IsType<NotifyResult.Refused>(await SendAsync(server.Url));
        Assert.StartsWith($"{status}: {(status == 302 ? "it redirects" : "what the server says")}", refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Transient))]
    public async Task Send_ServerHasTrouble_IsTriedAgain(int status)
    {
        await using var server = await LocalServer.StartAsync(status, "what the server says", ("Retry-After", "7"));

        var troubled = Assert.IsType<NotifyResult.Troubled>(await SendAsync(server.Url));
        Assert.Equal(($"{status}: what the server says", TimeSpan.FromSeconds(7)), (troubled.Reason, troubled.RetryAfter));
    }

    [Fact]
    public async Task Send_Redirect_IsNotFollowed()
    {
        await using var elsewhere = await LocalServer.StartAsync(AnswerAsync);
        await using var server = await LocalServer.StartAsync(307, "", ("Location", elsewhere.Url));

        Assert.IsType<NotifyResult.Refused>(await SendAsync(server.Url));
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Send_NobodyListens_IsTriedAgain()
    {
        var troubled = Assert.IsType<NotifyResult.Troubled>(await SendAsync($"http://127.0.0.1:{FreePorts.Take(1)[0]}"));

        Assert.StartsWith("no connection: ", troubled.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_LineIsCut_IsTriedAgain()
    {
        await using var server = await LocalServer.StartAsync((context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        var troubled = Assert.IsType<NotifyResult.Troubled>(await SendAsync(server.Url));
        Assert.StartsWith("the connection broke: ", troubled.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ServerHangs_EndsWithItsToken()
    {
        await using var server = await LocalServer.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(server.Url, cancellationToken: deadline.Token));
        Assert.True(deadline.IsCancellationRequested);
    }

    [Fact]
    public async Task Send_AnswerWithoutEnd_IsReadUpToABound()
    {
        await using var server = await LocalServer.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = 500;
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted);
            }
        });

        Assert.IsType<NotifyResult.Troubled>(await SendAsync(server.Url).WaitAsync(Eventually.Deadline));
    }

    [Fact]
    public async Task Send_PrivateAuthority_IsTrustedByItsFile()
    {
        using var authority = new TestCertificates("right");
        using var certificate = authority.IssueServer();
        using var folder = new TempFolder();
        await using var server = await LocalServer.StartAsync(AnswerAsync, certificate);

        Assert.IsType<NotifyResult.Delivered>(await SendAsync(server.Url, Trusting(folder.Write("ca.pem", authority.AuthorityPem))));
    }

    [Fact]
    public async Task Send_WrongAuthority_SaysWhichSettingToMend()
    {
        using var authority = new TestCertificates("right");
        using var other = new TestCertificates("wrong");
        using var certificate = authority.IssueServer();
        using var folder = new TempFolder();
        await using var server = await LocalServer.StartAsync(AnswerAsync, certificate);

        foreach (var tls in (TlsSettings[])[Trusting(folder.Write("ca.pem", other.AuthorityPem)), Trusting("")])
        {
            var troubled = Assert.IsType<NotifyResult.Troubled>(await SendAsync(server.Url, tls));
            Assert.StartsWith("TLS failed: ", troubled.Reason, StringComparison.Ordinal);
            Assert.Contains("ca_file", troubled.Reason, StringComparison.Ordinal);
        }

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Send_InsecureSkipVerify_TakesAnyCertificate()
    {
        using var authority = new TestCertificates("unknown");
        using var certificate = authority.IssueServer();
        await using var server = await LocalServer.StartAsync(AnswerAsync, certificate);

        Assert.IsType<NotifyResult.Delivered>(await SendAsync(server.Url, Trusting("") with { IsInsecure = true }));
    }

    [Fact]
    public async Task Send_ClientCertificate_IsShown()
    {
        using var authority = new TestCertificates("right");
        using var certificate = authority.IssueServer();
        using var own = authority.IssueClient("talon");
        using var key = own.GetECDsaPrivateKey()!;
        using var folder = new TempFolder();
        await using var server = await LocalServer.StartAsync(AnswerAsync, certificate, asksWhoIsThere: true);
        var tls = Trusting(folder.Write("ca.pem", authority.AuthorityPem)) with
        {
            CertFile = folder.Write("cert.pem", own.ExportCertificatePem()),
            KeyFile = folder.Write("key.pem", key.ExportPkcs8PrivateKeyPem()),
        };

        Assert.IsType<NotifyResult.Delivered>(await SendAsync(server.Url, tls));
        Assert.All(server.Requests, request => Assert.Equal("CN=talon", request.Certificate));
    }

    [Fact]
    public async Task Send_BehindAProxy_GoesThroughIt()
    {
        await using var server = await LocalServer.StartAsync(AnswerAsync);
        await using var proxy = new LocalProxy();

        Assert.IsType<NotifyResult.Delivered>(await SendAsync(server.Url, proxy: proxy.Web));
        Assert.Contains(proxy.Lines, line => line.Contains(server.Url, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_BehindAProxyWithTls_GoesThroughATunnel()
    {
        using var authority = new TestCertificates("right");
        using var certificate = authority.IssueServer();
        using var folder = new TempFolder();
        await using var server = await LocalServer.StartAsync(AnswerAsync, certificate);
        await using var proxy = new LocalProxy();

        Assert.IsType<NotifyResult.Delivered>(await SendAsync(server.Url, Trusting(folder.Write("ca.pem", authority.AuthorityPem)), proxy.Web));
        Assert.Equal($"CONNECT {new Uri(server.Url).Authority} HTTP/1.1", Assert.Single(proxy.Lines));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(503)]
    public async Task Send_ServerRepeatsEverything_NoSecretIsShown(int status)
    {
        bool told = false;
        await using var server = await LocalServer.StartAsync((context, request) =>
        {
            string all = string.Join(' ', request.Headers.Values);
            told |= $"{request.Path} {all}".Contains(Canary, StringComparison.Ordinal);
            return LocalServer.AnswerAsync(context, status, Repeat(status, $"{request.Path} {all} {Canary}"), "application/json");
        });

        string shown = $"{await SendAsync(server.Url)}";
        Assert.True(told);
        Assert.DoesNotContain(Canary, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"talon:{Canary}")), shown, StringComparison.Ordinal);
    }

    /// <summary>The notifier with <see cref="Canary"/> in each of its secrets, and <c>talon</c> as its user.</summary>
    private protected abstract INotifier Make(string url, TlsSettings tls, IWebProxy? proxy);

    /// <summary>Answers as the server that the notifier is made for.</summary>
    private protected abstract Task AnswerAsync(HttpContext context, LocalRequest request);

    /// <summary>A body with a text in it, of the kind that the notifier reads.</summary>
    private protected virtual string Repeat(int status, string text) => text;

    private static TlsSettings Trusting(string caFile) => new(caFile, "", "", false);

    private Task<NotifyResult> SendAsync(string url, TlsSettings? tls = null, IWebProxy? proxy = null, CancellationToken cancellationToken = default) =>
        Make(url, tls ?? Trusting(""), proxy).SendAsync([Notifications.Of()], cancellationToken);
}
