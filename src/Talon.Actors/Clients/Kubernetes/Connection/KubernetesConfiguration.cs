using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using Talon.Rules.Text;

namespace Talon.Actors.Clients.Kubernetes.Connection;

/// <summary>Where the client's configuration came from, or why there is none: a closed set.</summary>
internal abstract record KubernetesConfiguration
{
    private KubernetesConfiguration()
    {
    }

    /// <summary>A usable configuration.</summary>
    /// <param name="Client">The library's configuration; never log it, it holds credentials.</param>
    /// <param name="Source">Where it came from, for a log line.</param>
    /// <param name="File">The kubeconfig file it was read from; null for the pod's service account, whose token the library reads anew by itself.</param>
    public sealed record Found(KubernetesClientConfiguration Client, string Source, string? File) : KubernetesConfiguration
    {
        /// <summary>Only the source: the configuration holds credentials.</summary>
        public override string ToString() => Source;
    }

    /// <summary>No usable configuration.</summary>
    /// <param name="Reason">One line: what was tried and why it did not do.</param>
    public sealed record Missing(string Reason) : KubernetesConfiguration;

    /// <summary>
    /// Finds a configuration, in this order: the first existing file of the list in <c>KUBECONFIG</c>, the
    /// <c>kubeconfig</c> setting, the service account of the pod. A source that is named and broken is an answer of its own:
    /// Talon does not go on to another cluster than the one it was pointed at.
    /// </summary>
    /// <param name="setting">The <c>kubeconfig</c> setting; null or empty when not set.</param>
    public static KubernetesConfiguration Locate(string? setting, KubeEnvironment environment)
    {
        string? list = environment.Variable("KUBECONFIG");
        if (!string.IsNullOrEmpty(list))
        {
            // Windows is the one system where ':' is part of a path; Path.PathSeparator is what its kubectl uses as well.
            string[] paths = list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            string? first = Array.Find(paths, File.Exists);
            return first is not null
                ? FromFile(first, "KUBECONFIG")
                : new Missing($"no Kubernetes configuration: KUBECONFIG names no existing file ({list})");
        }

        if (!string.IsNullOrEmpty(setting))
        {
            return FromFile(setting, "setting kubeconfig");
        }

        if (string.IsNullOrEmpty(environment.Variable("KUBERNETES_SERVICE_HOST")) || !KubernetesClientConfiguration.IsInCluster())
        {
            return new Missing(
                "no Kubernetes configuration: KUBECONFIG is not set, the setting kubeconfig is not set, and this is no pod with a service account");
        }

        return Load("the pod's service account", null, KubernetesClientConfiguration.InClusterConfig);
    }

    private static KubernetesConfiguration FromFile(string path, string origin) =>
        Load($"{path} ({origin})", path, () => Read(path));

    // The library refuses a user without credentials, which a kubeconfig for a local proxy has; a context without a user it takes.
    private static KubernetesClientConfiguration Read(string path)
    {
        var file = KubernetesClientConfiguration.LoadKubeConfig(path);
        var context = file.Contexts?.FirstOrDefault(c => c.Name == file.CurrentContext)?.ContextDetails;
        var user = file.Users?.FirstOrDefault(u => u.Name == context?.User);
        if (context is not null && user is not null && (user.UserCredentials is null || IsAnonymous(user.UserCredentials)))
        {
            context.User = null;
        }

        return KubernetesClientConfiguration.BuildConfigFromConfigObject(file);
    }

    private static bool IsAnonymous(UserCredentials user) =>
        user is { AuthProvider: null, ExternalExecution: null }
        && string.IsNullOrEmpty(user.Token + user.UserName + user.Password)
        && string.IsNullOrEmpty(user.ClientCertificate + user.ClientCertificateData + user.ClientKey + user.ClientKeyData);

    private static KubernetesConfiguration Load(string source, string? file, Func<KubernetesClientConfiguration> load)
    {
        try
        {
            var configuration = load();
            return Uri.TryCreate(configuration.Host, UriKind.Absolute, out var host) && host.Scheme is "http" or "https"
                ? new Found(configuration, source, file)
                : new Missing($"no Kubernetes configuration: {source} names no server with an http or https address");
        }
        catch (Exception e) when (IsBadFile(e))
        {
            return new Missing($"no Kubernetes configuration: {source} cannot be used: {OneLine.From(e.Message)}");
        }
    }

    // Whatever a user can write into a kubeconfig must end as a line to read, not as a crash.
    private static bool IsBadFile(Exception e) =>
        e is KubeConfigException or IOException or UnauthorizedAccessException or YamlDotNet.Core.YamlException or FormatException
            or ArgumentException or System.Security.Cryptography.CryptographicException or InvalidOperationException
            or NullReferenceException or KeyNotFoundException or NotSupportedException
        || (e is AggregateException { InnerException: { } inner } && IsBadFile(inner));
}
