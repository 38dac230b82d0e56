using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using k8s;

namespace Talon.KubeApi.Proxy;

/// <summary>The API server behind the proxy, as a kubeconfig names it.</summary>
internal sealed class Upstream : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly X509Certificate2? _certificate;

    /// <param name="kubeconfig">The path.</param>
    /// <param name="token">A bearer token instead of the credentials of the kubeconfig.</param>
    public Upstream(string kubeconfig, string? token)
    {
        var config = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
        Address = new Uri(config.Host);
        Authorization = config switch
        {
            _ when token is not null => $"Bearer {token}",
            { AccessToken: { Length: > 0 } own } => $"Bearer {own}",
            { Username: { Length: > 0 } user } => $"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{user}:{config.Password}"))}",
            _ => null,
        };
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
        };
        if (Address.Scheme == Uri.UriSchemeHttps)
            handler.SslOptions = Tls(config, _certificate = token is null ? Certificate(config) : null);
        _invoker = new HttpMessageInvoker(handler);
    }

    public Uri Address { get; }

    /// <summary>The header that lets the proxy in; null when its certificate does.</summary>
    public string? Authorization { get; }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) => _invoker.SendAsync(request, ct);

    public void Dispose()
    {
        _invoker.Dispose();
        _certificate?.Dispose();
    }

    private static SslClientAuthenticationOptions Tls(KubernetesClientConfiguration config, X509Certificate2? certificate)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = config.TlsServerName };
        if (certificate is not null)
            options.ClientCertificates = [certificate];
        if (config.SkipTlsVerify)
            throw new InvalidOperationException("insecure-skip-tls-verify is not taken: name the certificate-authority of the cluster");
        if (config.SslCaCerts is { Count: > 0 } authorities)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        return options;
    }

    private static X509Certificate2? Certificate(KubernetesClientConfiguration config)
    {
        var certificate = Pem(config.ClientCertificateData, config.ClientCertificateFilePath);
        var key = Pem(config.ClientCertificateKeyData, config.ClientKeyFilePath);
        return certificate is null || key is null ? null : X509Certificate2.CreateFromPem(certificate, key);
    }

    /// <summary>A kubeconfig has PEM in base64, or the path of a PEM file.</summary>
    private static string? Pem(string? data, string? path)
    {
        if (!string.IsNullOrEmpty(data))
            return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data));
        return string.IsNullOrEmpty(path) ? null : File.ReadAllText(path);
    }
}
