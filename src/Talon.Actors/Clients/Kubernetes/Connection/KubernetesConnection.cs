using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using k8s;
using Talon.Actors.Clients.Calls;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Kubernetes.Connection;

/// <summary>
/// The one Kubernetes client of the process. It is made on first use; while there is no usable configuration it is tried again,
/// at most once a second, so that a cluster missing at start is not fatal. Safe for parallel use.
/// </summary>
public sealed class KubernetesConnection : ICategoryProbe, IDisposable
{
    private static readonly TimeSpan RetryConfiguration = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly KubernetesOptions _options;
    private readonly KubeEnvironment _environment;
    private readonly TimeProvider _clock;
    private readonly IReadOnlyList<Func<DelegatingHandler>> _extraHandlers;
    private KubeTransport? _transport;
    private string? _reason;
    private string? _file;
    private DateTime _fileWritten;
    private long _lastTry;
    private bool _disposed;

    /// <summary>Makes a connection; nothing is read or sent yet.</summary>
    /// <param name="extraHandlers">
    /// Handlers to put around every call, outermost first; each is made anew for a new client. Test programs put fault points
    /// here, the shipped program none.
    /// </param>
    public KubernetesConnection(
        KubernetesOptions options, KubeEnvironment environment, TimeProvider clock, IReadOnlyList<Func<DelegatingHandler>>? extraHandlers = null)
    {
        _options = options;
        _environment = environment;
        _clock = clock;
        _extraHandlers = extraHandlers ?? [];
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Categories { get; } = ["kubernetes", "calico", "cilium"];

    /// <summary>Where the configuration in use came from, for a log line; null while there is none.</summary>
    public string? Source { get; private set; }

    /// <summary>Host and port of the API server in use, without credentials, for a log line; null while there is none.</summary>
    public string? Server { get; private set; }

    /// <summary>Asks for <c>/version</c>. Null when the API server answered, otherwise one line that says what is wrong.</summary>
    public async Task<string?> ProbeAsync(CancellationToken cancellationToken)
    {
        if (!TryGetClient(out var client, out string? reason))
        {
            return reason;
        }

        try
        {
            var version = await client.Version.GetCodeAsync(cancellationToken);
            return string.IsNullOrEmpty(version?.GitVersion)
                ? "the Kubernetes API server gave an answer to /version that carries no version"
                : null;
        }
        catch (Exception e) when (KubeErrors.TryClassify(e, "ask the Kubernetes API server for its version", _clock, out var error))
        {
            Heed(client, error);
            return error.Message;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _transport?.Client.Dispose();
            _transport = null;
        }
    }

    internal bool TryGetClient([NotNullWhen(true)] out IKubernetes? client, [NotNullWhen(false)] out string? reason)
    {
        client = TryGetTransport(out var transport, out reason) ? transport.Client : null;
        return client is not null;
    }

    /// <summary>The client with what is below it, for calls that the client cannot make itself.</summary>
    internal bool TryGetTransport([NotNullWhen(true)] out KubeTransport? transport, [NotNullWhen(false)] out string? reason)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_transport is null && (_reason is null || _clock.GetElapsedTime(_lastTry) >= RetryConfiguration))
            {
                Connect();
            }

            transport = _transport;
            reason = _transport is null ? _reason ?? "no Kubernetes configuration" : null;
            return transport is not null;
        }
    }

    /// <summary>
    /// Learns from how a call ended. Credentials of a kubeconfig are read once; when they are no longer accepted, or no connection can
    /// be made, and the file has changed, the next call gets a new client. The old one is not disposed: other
    /// calls may still use it, and its idle connections close by themselves.
    /// </summary>
    /// <returns>Whether the credentials were refused and there are newer ones.</returns>
    internal bool Heed(IKubernetes client, KubeError error)
    {
        if (!error.Kind.MayComeFromOldCredentials())
        {
            return false;
        }

        lock (_gate)
        {
            if (ReferenceEquals(client, _transport?.Client))
            {
                if (_file is null || File.GetLastWriteTimeUtc(_file) == _fileWritten)
                {
                    return false;
                }

                _transport = null;
            }

            return error.Kind == FailureKind.Unauthorized;
        }
    }

    private void Connect()
    {
        _lastTry = _clock.GetTimestamp();
        switch (KubernetesConfiguration.Locate(_options.Kubeconfig, _environment))
        {
            case KubernetesConfiguration.Found found:
                _file = found.File;
                _fileWritten = _file is null ? default : File.GetLastWriteTimeUtc(_file);
                _transport = Create(found.Client);
                Source = found.Source;
                Server = new Uri(found.Client.Host).Authority;
                _reason = null;
                break;
            case KubernetesConfiguration.Missing missing:
                _reason = missing.Reason;
                break;
        }
    }

    private KubeTransport Create(KubernetesClientConfiguration configuration)
    {
        SocketsHttpHandler? sockets = null;
        configuration.UserAgent = $"talon/{_options.Version}";

        // Every call has a deadline through its token. With a timeout of the client's own, the two could not be told apart.
        configuration.HttpClientTimeout = Timeout.InfiniteTimeSpan;
        configuration.AddJsonOptions(json => json.Converters.Insert(0, new MicroTimeConverter()));
        configuration.FirstMessageHandlerSetup = handler =>
        {
            handler.UseProxy = false;
            handler.AllowAutoRedirect = false;
            handler.UseCookies = false;
            handler.ConnectTimeout = TimeSpan.FromSeconds(5);
            handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
            sockets = handler;
        };

        // The first is the outermost. The guard stays below the extra handlers, the buffer next to the wire.
        var handlers = _extraHandlers.Select(make => make())
            .Append(new WriteGuardHandler(new Uri(configuration.Host).AbsolutePath))
            .Append(new BodyBufferHandler(_options.MaxAnswerBytes));
        var client = new k8s.Kubernetes(configuration, [.. handlers]);
        return new KubeTransport(
            client, sockets ?? throw new InvalidOperationException("the Kubernetes client made no handler of its own"), configuration.UserAgent, _extraHandlers);
    }
}
