using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Talon.Actors.Plugins;
using Talon.Rules.Text;

namespace Talon.Actors.Notifiers.Http;

/// <summary>
/// The one pooled client of a notifier: the proxy of the environment (HTTP_PROXY, HTTPS_PROXY, NO_PROXY), the trust of its settings, no redirects, no
/// cookies, answers of a bounded size, no secret in what it says. Each call has a deadline through its token.
/// </summary>
internal sealed class NotifierHttp : IDisposable
{
    /// <summary>How much of an answer is read when the caller does not say: 4 KiB, enough for a reason.</summary>
    public const int DefaultAnswer = 4 * 1024;

    private const string UserAgent = "falco-talon";
    private const int LongestReason = 300;

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(10);

    private readonly HttpClient _client;
    private readonly TimeProvider _clock;
    private readonly SecretMask _mask;

    /// <summary>Makes the client with the proxy of the environment.</summary>
    /// <param name="notifier">The name of the notifier, for messages.</param>
    /// <param name="secrets">Texts that appear in no message, whoever says them.</param>
    /// <exception cref="SettingException">A file of the settings cannot be used.</exception>
    public NotifierHttp(string notifier, TlsSettings tls, TimeProvider clock, params IEnumerable<string> secrets)
        : this(notifier, tls, clock, proxy: null, secrets)
    {
    }

    /// <summary>Makes the client with a proxy.</summary>
    /// <param name="notifier">The name of the notifier, for messages.</param>
    /// <param name="proxy">The proxy; null for that of the environment.</param>
    /// <param name="secrets">Texts that appear in no message, whoever says them.</param>
    /// <exception cref="SettingException">A file of the settings cannot be used.</exception>
    public NotifierHttp(string notifier, TlsSettings tls, TimeProvider clock, IWebProxy? proxy, params IEnumerable<string> secrets)
    {
        _clock = clock;
        _mask = new SecretMask(secrets);
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AllowAutoRedirect = false,
            UseCookies = false,
            Proxy = proxy,
            SslOptions = OptionsOf(notifier, tls),
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd(UserAgent);
    }

    /// <summary>Sends a request once.</summary>
    /// <param name="request">Disposed of by the caller.</param>
    /// <param name="mostAnswer">How many bytes of the answer are read.</param>
    public async Task<HttpAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken, int mostAnswer = DefaultAnswer)
    {
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var body = await ReadAsync(response.Content, mostAnswer, cancellationToken);
            return new HttpAnswer((int)response.StatusCode, Masked(Encoding.UTF8.GetString(body.Span)), RetryAfterOf(response)) { Body = body };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new HttpAnswer(0, Masked(Describe(e)));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            return new HttpAnswer(0, e.InnerException is TimeoutException ? "no connection within 5 s" : "the request was broken off");
        }
    }

    /// <summary>What follows from an answer, where a 2xx means that everything was taken.</summary>
    public NotifyResult Judge(HttpAnswer answer) => answer switch
    {
        { IsSuccess: true } => new NotifyResult.Delivered { Answer = Reason(answer) },
        { IsTransient: true } => new NotifyResult.Troubled(Reason(answer), answer.RetryAfter),
        _ => new NotifyResult.Refused(Reason(answer)),
    };

    /// <summary>An answer in one line.</summary>
    public string Reason(HttpAnswer answer)
    {
        string text = OneLine.Cut(OneLine.From(answer.Text), LongestReason);
        return answer.Status == 0 ? text
            : answer.Status is >= 300 and < 400 ? $"{answer.Status}: it redirects, which is not followed; set the address it leads to"
            : text.Length == 0 ? answer.Status.ToString(CultureInfo.InvariantCulture)
            : $"{answer.Status}: {text}";
    }

    /// <summary>A text without the secrets.</summary>
    public string Masked(string text) => _mask.Of(text);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    [SuppressMessage("Security", "CA5359:Do not disable certificate validation", Justification = "insecure_skip_verify asks for it, and is false by default.")]
    private static SslClientAuthenticationOptions OptionsOf(string notifier, TlsSettings tls)
    {
        var options = new SslClientAuthenticationOptions();
        if (tls.IsInsecure)
        {
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        }
        else if (tls.Authorities(notifier) is { } authorities)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            options.CertificateChainPolicy = policy;
        }

        if (tls.Certificate(notifier) is { } certificate)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null);
        }

        return options;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, int most, CancellationToken cancellationToken)
    {
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        byte[] bytes = new byte[Math.Min(most, DefaultAnswer)];
        int length = 0;
        while (true)
        {
            length += await body.ReadAtLeastAsync(bytes.AsMemory(length), bytes.Length - length, throwOnEndOfStream: false, cancellationToken);
            if (length < bytes.Length || length == most)
            {
                return bytes.AsMemory(0, length);
            }

            Array.Resize(ref bytes, Math.Min(most, length * 2));
        }
    }

    private static string Describe(Exception e) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => $"the name cannot be resolved: {Innermost(e)}",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => $"no connection: {Innermost(e)}",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } when e.GetBaseException() is AuthenticationException =>
            $"TLS failed: {Innermost(e)} Set ca_file to the authority of the other side, and the name in the address to one of its certificate",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => $"TLS failed: {Innermost(e)}",
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => $"the proxy refused: {Innermost(e)}",
        _ => $"the connection broke: {Innermost(e)}",
    };

    private static string Innermost(Exception e) => OneLine.From(e.GetBaseException().Message);

    private TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _clock.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait is null ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestRetryAfter ? LongestRetryAfter : wait;
    }
}
