using System.Collections.Immutable;
using System.Net;
using Talon.Cluster.Forming;
using Talon.Host.Logging;
using Talon.Rules.Text;

namespace Talon.Host.Configuration;

/// <summary>All keys of the configuration.</summary>
internal static class ConfigKeys
{
    private const string FlagText = "true or false";

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The keys that Talon knows and acts by, in the order of the documentation.</summary>
    public static ImmutableArray<ConfigKey> All { get; } =
    [
        ConfigKey.Text("listen_address", "an IP address such as 0.0.0.0, 127.0.0.1 or ::", (o, v) => IPAddress.TryParse(v, out _) ? o with { ListenAddress = v } : null),
        Port("listen_port", (o, v) => o with { ListenPort = v }),
        ConfigKey.List("rules_files", "a list of at least one file", (o, v) => v.Length > 0 ? o with { RulesFiles = v } : null),
        ConfigKey.Value("watch_rules", FlagText, ConfigValues.Flag, (o, v) => o with { WatchRules = v }),
        ConfigKey.Text("kubeconfig", "the path of a kubeconfig file", (o, v) => o with { KubeConfig = v }),
        ConfigKey.Value("log_format", "color, text or json", LogFormatOf, (o, v) => o with { LogFormat = v }),
        ConfigKey.List("default_notifiers", "a list of notifiers", (o, v) => o with { DefaultNotifiers = v }),
        ConfigKey.Value("print_all_events", FlagText, ConfigValues.Flag, (o, v) => o with { PrintAllEvents = v }),
        Whole(
            "deduplication.time_window_seconds", 0, 86_400, (o, v) => o with { DuplicateWindow = TimeSpan.FromSeconds(v) }, "a whole number of seconds", "off"),
        ConfigKey.List("protected_namespaces", $"a list of namespaces ({Dns1123.LabelForm})", (o, v) => v.All(name => Dns1123.IsLabel(name)) ? o with { ProtectedNamespaces = v } : null),
        ConfigKey.Value("dry_run", FlagText, ConfigValues.Flag, (o, v) => o with { DryRun = v }),
        Duration("max_age", TimeSpan.Zero, TimeSpan.FromDays(7), (o, v) => o with { MaxAge = v }, "no limit"),
        Duration("retry.max_age", TimeSpan.Zero, Day, (o, v) => o with { RetryMaxAge = v }, "no retries"),
        Whole("lanes.short", 1, 1000, (o, v) => o with { ShortLane = v }),
        Whole("lanes.long", 1, 1000, (o, v) => o with { LongLane = v }),
        ConfigKey.Value("ingress.auth", "none or token", AuthOf, (o, v) => o with { Ingress = o.Ingress with { RequiresToken = v } }),
        ConfigKey.Text("ingress.token", "a token", (o, v) => o with { Ingress = o.Ingress with { Token = v } }, isSecret: true),
        ConfigKey.Text("ingress.token_file", "the path of a file with the token", (o, v) => o with { Ingress = o.Ingress with { TokenFile = v } }),
        ConfigKey.Text("ingress.tls.cert", "the path of a PEM file", (o, v) => o with { Ingress = o.Ingress with { TlsCertificate = v } }),
        ConfigKey.Text("ingress.tls.key", "the path of a PEM file", (o, v) => o with { Ingress = o.Ingress with { TlsKey = v } }),
        ConfigKey.Text("ingress.tls.client_ca", "the path of a PEM file", (o, v) => o with { Ingress = o.Ingress with { TlsClientCa = v } }),
        Bytes("ingress.max_body", 1024, 1024 * 1024, (o, v) => o with { Ingress = o.Ingress with { MaxBody = v } }),
        Duration("shutdown.grace_period", TimeSpan.Zero, TimeSpan.FromHours(1), (o, v) => o with { ShutdownGracePeriod = v }),
        ConfigKey.Value("journal.provider", "sqlite or postgresql", ProviderOf, (o, v) => o with { Journal = o.Journal with { IsPostgreSql = v } }),
        ConfigKey.Text("journal.path", "the path of a folder", (o, v) => o with { Journal = o.Journal with { Path = v } }),
        ConfigKey.Text(
            "journal.connection_string", "how PostgreSQL is reached", (o, v) => o with { Journal = o.Journal with { ConnectionString = v } }, isSecret: true),
        ConfigKey.Text(
            "journal.connection_string_file", "the path of a file with the connection string",
            (o, v) => o with { Journal = o.Journal with { ConnectionStringFile = v } }),
        ConfigKey.Value("journal.auto_create", FlagText, ConfigValues.Flag, (o, v) => o with { Journal = o.Journal with { AutoCreate = v } }),
        Whole("journal.max_connections", 4, 1000, (o, v) => o with { Journal = o.Journal with { MaxConnections = v } }),
        Duration("audit.retention", TimeSpan.FromHours(1), TimeSpan.FromDays(3650), (o, v) => o with { AuditRetention = v }),
        Whole("audit.max_facts_per_bucket", 1000, 100_000_000, (o, v) => o with { AuditMaxFactsPerBucket = v }),
        ConfigKey.Value("cluster.mode", "single or static (kubernetes is not available in this version)", ModeOf, (o, v) => o with { ClusterMode = v }),
        ConfigKey.Text(
            "cluster.host", "an IP address or a host name", (o, v) => Uri.CheckHostName(v) != UriHostNameType.Unknown ? o with { ClusterHost = v } : null),
        ConfigKey.Text(
            "cluster.bind_address", "an IP address such as 0.0.0.0", (o, v) => IPAddress.TryParse(v, out _) ? o with { ClusterBindAddress = v } : null),
        Port("cluster.port", (o, v) => o with { ClusterPort = v }),
        ConfigKey.List(
            "cluster.seed_nodes", "a list of host or host:port with ports from 1 to 65535", (o, v) => v.All(IsSeed) ? o with { ClusterSeedNodes = v } : null),
        Duration("cluster.join_timeout", TimeSpan.FromSeconds(5), TimeSpan.FromHours(1), (o, v) => o with { ClusterJoinTimeout = v }),
        ConfigKey.Value("cluster.allow_insecure", FlagText, ConfigValues.Flag, (o, v) => o with { ClusterAllowInsecure = v }),
    ];

    /// <summary>Keys of Falco Talon that are read without an error and change nothing in this version. A star stands for any rest.</summary>
    public static ImmutableArray<string> WithoutEffect { get; } =
    [
        "deduplication.leader_election",
        "otel.traces_enabled", "otel.metrics_enabled", "otel.collector_endpoint", "otel.collector_port",
        "otel.collector_use_insecure_grpc", "otel.timeout",
        "aws.region", "aws.access_key", "aws.secret_key", "aws.role_arn", "aws.external_id",
        "gcp.region", "gcp.credentials_path",
        "minio.endpoint", "minio.access_key", "minio.secret_key", "minio.use_ssl",
        "notifiers.*",
    ];

    /// <summary>The names of all keys, also of those without effect.</summary>
    public static ImmutableArray<string> Names { get; } = [.. All.Select(key => key.Name), .. WithoutEffect];

    /// <summary>The key of that name in any case; null when Talon knows none.</summary>
    public static ConfigKey? Find(string name) => All.FirstOrDefault(key => key.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    // One place for the bounds: the check and its message cannot differ.
    private static ConfigKey Whole(
        string name, int least, int most, Func<TalonOptions, int, TalonOptions> set, string what = "a whole number", string zero = "") =>
        ConfigKey.Value(name, $"{what} from {least}{(zero.Length > 0 ? $" ({zero})" : "")} to {most}", ConfigValues.Whole(least, most), set);

    private static ConfigKey Port(string name, Func<TalonOptions, int, TalonOptions> set) =>
        ConfigKey.Value(name, $"a port from 0 to {ushort.MaxValue} (0 takes any free one)", ConfigValues.Whole(0, ushort.MaxValue), set);

    private static ConfigKey Bytes(string name, int least, int most, Func<TalonOptions, int, TalonOptions> set) => ConfigKey.Value(
        name,
        $"{ByteSize.Bounds(least, most)}, for instance {256 * 1024} or 256Ki",
        ConfigValues.Bytes(least, most),
        set);

    private static ConfigKey Duration(string name, TimeSpan least, TimeSpan most, Func<TalonOptions, TimeSpan, TalonOptions> set, string zero = "") =>
        ConfigKey.Value(name, ConfigValues.DurationBounds(least, most, zero), ConfigValues.Duration(least, most), set);

    private static LogFormat? LogFormatOf(string text) => text.ToLowerInvariant() switch
    {
        "color" => LogFormat.Color,
        "text" => LogFormat.Text,
        "json" => LogFormat.Json,
        _ => null,
    };

    private static ClusterMode? ModeOf(string text) => text.ToLowerInvariant() switch
    {
        "single" => ClusterMode.SingleNode,
        "static" => ClusterMode.StaticSeeds,
        _ => null,
    };

    private static bool IsSeed(string text) => NodeAddress.Parse(text, defaultPort: 1) is not null;

    private static bool? AuthOf(string text) => text.ToLowerInvariant() switch
    {
        "none" => false,
        "token" => true,
        _ => null,
    };

    private static bool? ProviderOf(string text) => text.ToLowerInvariant() switch
    {
        "sqlite" => false,
        "postgresql" => true,
        _ => null,
    };
}
