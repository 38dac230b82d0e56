using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Notifiers.Http;

public sealed class NotifierHttpTests : IDisposable
{
    private static readonly TlsSettings NoTls = new("", "", "", false);

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Send_Answer_IsGivenAndTheRequestNamesTalon()
    {
        await using var server = await LocalServer.StartAsync(202, "taken");

        var answer = await SendAsync(server.Url + "/x?y=1");

        Assert.Equal((202, "taken", true), (answer.Status, answer.Text, answer.IsSuccess));
        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/x?y=1", "falco-talon"), (request.Method, request.Path, request.Header("User-Agent")));
        Assert.False(request.Headers.ContainsKey("traceparent"));
    }

    [Theory]
    [InlineData("17", 17)]
    [InlineData("86400", 600)]
    [InlineData("Wed, 25 Nov 2026 10:00:30 GMT", 30)]
    [InlineData("Wed, 25 Nov 2026 09:00:00 GMT", 0)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public async Task Send_RetryAfter_IsReadAndBounded(string? header, int? seconds)
    {
        await using var server = await LocalServer.StartAsync(429, "slow down", header is null ? [] : [("Retry-After", header)]);
        using var http = Http();

        var answer = await SendAsync(http, server.Url);

        Assert.Equal(seconds is { } s ? TimeSpan.FromSeconds(s) : (TimeSpan?)null, answer.RetryAfter);
        Assert.Equal(new NotifyResult.Troubled("429: slow down", answer.RetryAfter), http.Judge(answer));
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(408, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    public async Task Judge_Status_SaysWhetherAnotherTryCanHelp(int status, bool transient)
    {
        await using var server = await LocalServer.StartAsync(status, "no\r\n way");
        using var http = Http();

        var result = http.Judge(await SendAsync(http, server.Url));

        string reason = $"{status}: no way";
        Assert.Equal(transient ? new NotifyResult.Troubled(reason) : new NotifyResult.Refused(reason), result);
    }

    [Fact]
    public async Task Send_LargeAnswer_IsReadUpToItsBound()
    {
        long written = 0;
        await using var server = await LocalServer.StartAsync(async (context, _) =>
        {
            byte[] chunk = new byte[64 * 1024];
            Array.Fill(chunk, (byte)'a');
            for (int i = 0; i < 1024 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
                Interlocked.Add(ref written, chunk.Length);
            }
        });
        using var http = Http();

        Assert.Equal(NotifierHttp.DefaultAnswer, (await SendAsync(http, server.Url)).Body.Length);
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url);
        Assert.Equal(100_000, (await http.SendAsync(request, CancellationToken.None, 100_000)).Text.Length);
        Assert.True(Interlocked.Read(ref written) < 100 * 1024 * 1024, "the whole answer was read");
    }

    [Fact]
    public async Task Send_SecretsInTheAnswer_AreMaskedInEveryForm()
    {
        await using var server = await LocalServer.StartAsync(400, """no hook t0p/s3cret, t0p%2Fs3cret or {"url": "t0p\/s3cret"}""");
        using var http = new NotifierHttp("one", NoTls, TimeProvider.System, "t0p/s3cret");

        var refused = Assert.IsType<NotifyResult.Refused>(http.Judge(await SendAsync(http, server.Url)));

        Assert.Equal("""400: no hook [redacted], [redacted] or {"url": "[redacted]"}""", refused.Reason);
    }

    [Fact]
    public async Task Send_ProxyRefuses_SaysSo()
    {
        await using var proxy = await LocalServer.StartAsync(407, "who are you");
        using var http = new NotifierHttp("one", NoTls, TimeProvider.System, new System.Net.WebProxy(new Uri(proxy.Url)));

        var answer = await SendAsync(http, "https://sink.invalid/x");

        Assert.Equal(0, answer.Status);
        Assert.StartsWith("the proxy refused: ", answer.Text, StringComparison.Ordinal);
        Assert.Contains("407", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void New_FileThatCannotBeUsed_NamesTheKey()
    {
        string text = _folder.Write("text", "no certificate");

        Assert.StartsWith("notifiers.one.ca_file: the file '/nowhere/ca' cannot be used: ", Fails(NoTls with { CaFile = "/nowhere/ca" }), StringComparison.Ordinal);
        Assert.Equal($"notifiers.one.ca_file: the file '{text}' cannot be used: it holds no certificate", Fails(NoTls with { CaFile = text }));
        Assert.StartsWith(
            $"notifiers.one.cert_file: the file '{text}' cannot be used: ", Fails(NoTls with { CertFile = text, KeyFile = text }), StringComparison.Ordinal);

        static string Fails(TlsSettings tls) => Assert.Throws<SettingException>(() => new NotifierHttp("one", tls, TimeProvider.System)).Message;
    }

    [Fact]
    public void Schema_CertificateWithoutItsKey_IsAnError()
    {
        var schema = new ParameterSchema(TlsSettings.Specs) { Word = "setting", Check = TlsSettings.Check };

        var problem = Assert.Single(schema.Bind(ParameterMap.Empty.With("cert_file", new ParameterValue.Text("/c"))).Problems);

        Assert.Equal("settings 'cert_file' and 'key_file' go together; set both or neither", problem.Message);
    }

    [Theory]
    [InlineData("https://sink.example/talon", "")]
    [InlineData("https://u:p4ss%2Fword@sink.example/talon", "u:p4ss%2Fword u:p4ss/word p4ss%2Fword p4ss/word")]
    [InlineData("https://sink.example/talon?token=abc", "abc abc ?token=abc /talon?token=abc")]
    [InlineData("https://sink.example/hooks/0123456789abcdef", "0123456789abcdef /hooks/0123456789abcdef")]
    public void UrlSecrets_Url_AreWhatIsNoAddress(string url, string secrets) => Assert.Equal(
        secrets.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal),
        UrlSecrets.Of(url).Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal));

    public void Dispose() => _folder.Dispose();

    private static NotifierHttp Http() => new("one", NoTls, new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 10, 0, 0, TimeSpan.Zero)));

    private static async Task<HttpAnswer> SendAsync(string url, TlsSettings? tls = null)
    {
        using var http = new NotifierHttp("one", tls ?? NoTls, TimeProvider.System);
        return await SendAsync(http, url);
    }

    private static async Task<HttpAnswer> SendAsync(NotifierHttp http, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent("{}") };
        return await http.SendAsync(request, CancellationToken.None);
    }
}
