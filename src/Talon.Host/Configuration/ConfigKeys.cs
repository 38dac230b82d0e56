using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Clients.Minio;
using Talon.Cluster.Forming;
using Talon.Cluster.Membership;
using Talon.Host.Logging;
using Talon.Rules.Text;

namespace Talon.Host.Configuration;

/// <summary>
/// All keys of the configuration, one row each. The reader, the environment variables, the messages, printing and the table of the
/// documentation come from the rows; the defaults are those of the option records.
/// </summary>
internal static class ConfigKeys
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The keys that Talon knows and acts by, in the order of the documentation.</summary>
    public static ImmutableArray<ConfigKey> All { get; } =
    [
        ConfigKey.Text(
            "listen_address", "an IP address such as 0.0.0.0, 127.0.0.1 or ::", "address of the ingress",
            o => o.ListenAddress, (o, v) => IsAddress(v) ? o with { ListenAddress = v } : null),
        Port("listen_port", "port of the ingress", o => o.ListenPort, (o, v) => o with { ListenPort = v }),
        ConfigKey.List(
            "rules_files", "a list of at least one file", "rule files, later ones over earlier ones; `-r` wins",
            o => o.RulesFiles, (o, v) => v.Length > 0 ? o with { RulesFiles = v } : null),
        ConfigKey.List(
            "default_notifiers", "a list of notifiers",
            "notifiers that hear of every outcome, beside those of the rule",
            o => o.DefaultNotifiers, (o, v) => o with { DefaultNotifiers = v }),
        Flag("watch_rules", "load rule files again when they change", o => o.WatchRules, (o, v) => o with { WatchRules = v }),
        ConfigKey.Text(
            "kubeconfig", "the path of a kubeconfig file", "without one: the service account of the pod",
            o => o.KubeConfig, (o, v) => o with { KubeConfig = v }),
        Choice(
            "log_format", [("color", LogFormat.Color), ("text", LogFormat.Text), ("json", LogFormat.Json)],
            "how log lines look; `NO_COLOR` is respected",
            o => o.LogFormat, (o, v) => o with { LogFormat = v }),
        Flag("print_all_events", "log every event, not only those that match", o => o.PrintAllEvents, (o, v) => o with { PrintAllEvents = v }),
        Whole(
            "deduplication.time_window_seconds", 0, 86_400,
            "how long the same event acts once, counted from the first; at most 100,000 events a bucket are remembered",
            o => (int)o.Pipeline.DuplicateWindow.TotalSeconds,
            (o, v) => o with { Pipeline = o.Pipeline with { DuplicateWindow = TimeSpan.FromSeconds(v) } },
            "a whole number of seconds", "off"),
        ConfigKey.List(
            "protected_namespaces", $"a list of namespaces ({Dns1123.LabelForm})",
            "where no action writes or runs a command; Talon's own always belongs to them, but for the Jobs of `kubernetes:sysdig`. "
            + "The node of a pod there may still be labelled, cordoned and drained",
            o => o.ProtectedNamespaces, (o, v) => v.All(name => Dns1123.IsLabel(name)) ? o with { ProtectedNamespaces = v } : null),
        Flag("dry_run", "every rule is a dry run", o => o.Pipeline.DryRun, (o, v) => o with { Pipeline = o.Pipeline with { DryRun = v } }),
        Duration(
            "max_age", TimeSpan.Zero, TimeSpan.FromDays(7),
            "an action that has not started by then ends as `expired`; an action may set its own",
            o => o.Pipeline.MaxAge, (o, v) => o with { Pipeline = o.Pipeline with { MaxAge = v } }, "no limit"),
        Duration(
            "retry.max_age", TimeSpan.Zero, Day, "how long after the first failure an action is tried again",
            o => o.Pipeline.RetryMaxAge, (o, v) => o with { Pipeline = o.Pipeline with { RetryMaxAge = v } }, "no retries"),
        Whole(
            "lanes.short", 1, 1000, "short actions at a time, in each category",
            o => o.Pipeline.ShortLane, (o, v) => o with { Pipeline = o.Pipeline with { ShortLane = v } }),
        Whole(
            "lanes.long", 1, 1000, "long-running actions at a time, in each category",
            o => o.Pipeline.LongLane, (o, v) => o with { Pipeline = o.Pipeline with { LongLane = v } }),
        Choice(
            "ingress.auth", [("none", false), ("token", true)], "`token`: senders must show it, as Bearer or as the password of Basic",
            o => o.Ingress.RequiresToken, (o, v) => o with { Ingress = o.Ingress with { RequiresToken = v } }),
        ConfigKey.Text(
            "ingress.token", "a token", "the token; white space around it does not count",
            o => o.Ingress.Token, (o, v) => o with { Ingress = o.Ingress with { Token = v } }, isSecret: true),
        ConfigKey.Text(
            "ingress.token_file", "the path of a file with the token", "the file that holds the token instead; read again when it changes",
            o => o.Ingress.TokenFile, (o, v) => o with { Ingress = o.Ingress with { TokenFile = v } }),
        ConfigKey.Text(
            "ingress.tls.cert", "the path of a PEM file", "the certificate; with it the port speaks TLS",
            o => o.Ingress.TlsCertificate, (o, v) => o with { Ingress = o.Ingress with { TlsCertificate = v } }),
        ConfigKey.Text(
            "ingress.tls.key", "the path of a PEM file", "its key",
            o => o.Ingress.TlsKey, (o, v) => o with { Ingress = o.Ingress with { TlsKey = v } }),
        ConfigKey.Text(
            "ingress.tls.client_ca", "the path of a PEM file",
            "PEM file of the authorities; senders of events must present a certificate of theirs, probes and scrapes need none. "
            + "Falco can, Falcosidekick cannot present one to Talon",
            o => o.Ingress.TlsClientCa, (o, v) => o with { Ingress = o.Ingress with { TlsClientCa = v } }),
        Bytes(
            "ingress.max_body", 1024, 1024 * 1024, "largest body",
            o => o.Ingress.MaxBody, (o, v) => o with { Ingress = o.Ingress with { MaxBody = (int)v } }, $"{256 * 1024} or 256Ki"),
        Duration(
            "shutdown.grace_period", TimeSpan.Zero, TimeSpan.FromHours(1), "how long running actions may go on after SIGTERM",
            o => o.Pipeline.ShutdownGracePeriod, (o, v) => o with { Pipeline = o.Pipeline with { ShutdownGracePeriod = v } }),
        Choice(
            "journal.provider", [("sqlite", false), ("postgresql", true)], "`sqlite` is for one node",
            o => o.Journal.IsPostgreSql, (o, v) => o with { Journal = o.Journal with { IsPostgreSql = v } }),
        ConfigKey.Text(
            "journal.path", "the path of a folder", "folder of the SQLite journal; it belongs to one process",
            o => o.Journal.Path, (o, v) => o with { Journal = o.Journal with { Path = v } }),
        ConfigKey.Text(
            "journal.connection_string", "how PostgreSQL is reached",
            "how PostgreSQL is reached, as Npgsql reads it: `Host=db;Username=talon;Password=…;Database=talon`; "
            + "add `SSL Mode=VerifyFull` where others share the network. Never printed",
            o => o.Journal.ConnectionString, (o, v) => o with { Journal = o.Journal with { ConnectionString = v } }, isSecret: true),
        ConfigKey.Text(
            "journal.connection_string_file", "the path of a file with the connection string",
            "the file that holds it instead; white space around it does not count; read at the start",
            o => o.Journal.ConnectionStringFile, (o, v) => o with { Journal = o.Journal with { ConnectionStringFile = v } }),
        Flag(
            "journal.auto_create", "create missing tables. With `false` somebody runs what `talon journal schema` prints",
            o => o.Journal.AutoCreate, (o, v) => o with { Journal = o.Journal with { AutoCreate = v } }),
        Whole(
            "journal.max_connections", 4, 1000, "connections of this node to PostgreSQL",
            o => o.Journal.MaxConnections, (o, v) => o with { Journal = o.Journal with { MaxConnections = v } }),
        ConfigKey.Text(
            "outputs.spool.path", "the path of a folder",
            "where the artifacts of `aws:s3`, `gcp:gcs` and `minio:s3` wait until they are uploaded; made when it is needed",
            o => o.Spool.Path, (o, v) => o with { Spool = o.Spool with { Path = v } }),
        Bytes(
            "outputs.spool.max_size", 1 << 20, 64L << 30,
            "how many bytes they may have together; an artifact that finds no room is a failure that says so",
            o => o.Spool.MaxSize, (o, v) => o with { Spool = o.Spool with { MaxSize = v } }, "2Gi"),
        ConfigKey.Text(
            "aws.region", "a region such as eu-west-3", "the region of AWS", o => o.Clouds.Aws.Region, WithAws((aws, v) => aws with { Region = v }, IsPlainName),
            defaultText: "that of the environment, the profile or the instance"),
        ConfigKey.Text(
            "aws.access_key", "the id of an access key", "with `aws.secret_key`: credentials instead of those of the environment, a profile, "
            + "the service account (IRSA), the container or the instance",
            o => o.Clouds.Aws.AccessKey, WithAws((aws, v) => aws with { AccessKey = v }), isSecret: true),
        ConfigKey.Text(
            "aws.access_key_file", "the path of a file with the id", "the file that holds it instead; read at the start",
            o => o.Clouds.AwsAccessKeyFile, (o, v) => o with { Clouds = o.Clouds with { AwsAccessKeyFile = v } }),
        ConfigKey.Text(
            "aws.secret_key", "a secret access key", "the secret of `aws.access_key`",
            o => o.Clouds.Aws.SecretKey, WithAws((aws, v) => aws with { SecretKey = v }), isSecret: true),
        ConfigKey.Text(
            "aws.secret_key_file", "the path of a file with the key", "the file that holds it instead; read at the start",
            o => o.Clouds.AwsSecretKeyFile, (o, v) => o with { Clouds = o.Clouds with { AwsSecretKeyFile = v } }),
        ConfigKey.Text(
            "aws.role_arn", "the ARN of a role, such as arn:aws:iam::123456789012:role/talon", "a role to assume with these credentials",
            o => o.Clouds.Aws.RoleArn, WithAws((aws, v) => aws with { RoleArn = v }, IsArn)),
        ConfigKey.Text(
            "aws.external_id", "an external id", "the external id that the role asks for",
            o => o.Clouds.Aws.ExternalId, WithAws((aws, v) => aws with { ExternalId = v })),
        ConfigKey.Text(
            "gcp.project", "the id of a project, such as my-project-42", "the project of Google Cloud",
            o => o.Clouds.Gcp.Project, WithGcp((gcp, v) => gcp with { Project = v }, IsPlainName), defaultText: "that of the credentials, or of the metadata server"),
        ConfigKey.Text(
            "gcp.region", "a region such as us-central1", "the region of functions whose action names none",
            o => o.Clouds.Gcp.Region, WithGcp((gcp, v) => gcp with { Region = v }, IsPlainName)),
        ConfigKey.Text(
            "gcp.credentials_path", "the path of a file with credentials", "the file with the credentials, or their JSON itself",
            o => o.Clouds.Gcp.Credentials, WithGcp((gcp, v) => gcp with { Credentials = v }), isSecret: true, defaultText: "the application default credentials"),
        ConfigKey.Text(
            "minio.endpoint", "a host or host:port without a scheme, such as minio.storage:9000", "where MinIO is",
            o => o.Clouds.Minio.Endpoint, WithMinio((minio, v) => minio with { Endpoint = v }, IsEndpoint)),
        ConfigKey.Text(
            "minio.access_key", "an access key", "its access key",
            o => o.Clouds.Minio.AccessKey, WithMinio((minio, v) => minio with { AccessKey = v }), isSecret: true),
        ConfigKey.Text(
            "minio.access_key_file", "the path of a file with the key", "the file that holds it instead; read at the start",
            o => o.Clouds.MinioAccessKeyFile, (o, v) => o with { Clouds = o.Clouds with { MinioAccessKeyFile = v } }),
        ConfigKey.Text(
            "minio.secret_key", "a secret key", "the secret of `minio.access_key`",
            o => o.Clouds.Minio.SecretKey, WithMinio((minio, v) => minio with { SecretKey = v }), isSecret: true),
        ConfigKey.Text(
            "minio.secret_key_file", "the path of a file with the key", "the file that holds it instead; read at the start",
            o => o.Clouds.MinioSecretKeyFile, (o, v) => o with { Clouds = o.Clouds with { MinioSecretKeyFile = v } }),
        Flag(
            "minio.use_ssl", "speak TLS to MinIO",
            o => o.Clouds.Minio.UseTls, (o, v) => o with { Clouds = o.Clouds with { Minio = o.Clouds.Minio with { UseTls = v } } }),
        Duration(
            "audit.retention", TimeSpan.FromHours(1), TimeSpan.FromDays(3650), "how long facts stay in the journal",
            o => o.Pipeline.AuditRetention, (o, v) => o with { Pipeline = o.Pipeline with { AuditRetention = v } }),
        Whole(
            "audit.max_facts_per_bucket", 1000, 100_000_000, "how many facts stay in the journal, in each bucket",
            o => (int)o.Pipeline.MaxFactsPerBucket, (o, v) => o with { Pipeline = o.Pipeline with { MaxFactsPerBucket = v } }),
        Choice(
            "cluster.mode", [("single", ClusterMode.SingleNode), ("static", ClusterMode.StaticSeeds)],
            "`static`: several nodes that find each other by `cluster.seed_nodes` and share a journal on PostgreSQL",
            o => o.Cluster.Mode, (o, v) => o with { Cluster = o.Cluster with { Mode = v } }, " (kubernetes is not available in this version)"),
        ConfigKey.Text(
            "cluster.host", "an IP address or a host name",
            "the address or name by which the other nodes reach this one; it must be the same after a restart",
            o => o.Cluster.Host,
            (o, v) => Uri.CheckHostName(v) != UriHostNameType.Unknown ? o with { Cluster = o.Cluster with { Host = v } } : null),
        ConfigKey.Text(
            "cluster.bind_address", "an IP address such as 0.0.0.0", "where Akka.Remote listens",
            o => o.Cluster.BindAddress, (o, v) => IsAddress(v) ? o with { Cluster = o.Cluster with { BindAddress = v } } : null,
            defaultText: "that of `cluster.host`; every address when it is a name"),
        Port(
            "cluster.port", "port of Akka.Remote; 0 for a single node only",
            o => o.Cluster.Port, (o, v) => o with { Cluster = o.Cluster with { Port = v } }),
        ConfigKey.List(
            "cluster.seed_nodes", "a list of host or host:port with ports from 1 to 65535",
            "the nodes, the same list on all of them; the first forms the cluster",
            o => [.. o.Cluster.SeedNodes.Select(seed => seed.ToString())], WithSeedNodes),
        Duration(
            "cluster.join_timeout", TimeSpan.FromSeconds(5), TimeSpan.FromHours(1), "a node that is no member by then ends with exit code 1",
            o => o.Cluster.JoinTimeout, (o, v) => o with { Cluster = o.Cluster with { JoinTimeout = v } }),
        Flag(
            "cluster.allow_insecure", "needed when nodes talk over more than loopback: there is no TLS between them in this version",
            o => o.ClusterAllowInsecure, (o, v) => o with { ClusterAllowInsecure = v }),
    ];

    /// <summary>Keys of Falco Talon that are read without an error and change nothing in this version. A star stands for any rest.</summary>
    public static ImmutableArray<string> WithoutEffect { get; } =
    [
        "deduplication.leader_election",
        "otel.traces_enabled", "otel.metrics_enabled", "otel.collector_endpoint", "otel.collector_port",
        "otel.collector_use_insecure_grpc", "otel.timeout",
    ];

    /// <summary>The names of all keys, also of those without effect.</summary>
    public static ImmutableArray<string> Names { get; } = [.. All.Select(key => key.Name), .. WithoutEffect];

    /// <summary>The key of that name in any case; null when Talon knows none.</summary>
    public static ConfigKey? Find(string name) => All.FirstOrDefault(key => key.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    // One place for the bounds: the check and its message cannot differ.
    private static ConfigKey Whole(
        string name, int least, int most, string meaning, Func<TalonOptions, int> get, Func<TalonOptions, int, TalonOptions> set,
        string what = "a whole number", string zero = "") => Number(
            name, $"{what} from {least}{(zero.Length > 0 ? $" ({zero})" : "")} to {most}", meaning, ConfigValues.Whole(least, most), get, set);

    private static ConfigKey Port(string name, string meaning, Func<TalonOptions, int> get, Func<TalonOptions, int, TalonOptions> set) => Number(
        name, $"a port from 0 to {ushort.MaxValue} (0 takes any free one)", meaning, ConfigValues.Whole(0, ushort.MaxValue), get, set);

    private static ConfigKey Number(
        string name, string expected, string meaning, Func<string, int?> parse, Func<TalonOptions, int> get, Func<TalonOptions, int, TalonOptions> set) =>
        ConfigKey.Value(name, expected, meaning, parse, value => value.ToString(CultureInfo.InvariantCulture), get, set);

    private static ConfigKey Bytes(
        string name, long least, long most, string meaning, Func<TalonOptions, long> get, Func<TalonOptions, long, TalonOptions> set, string example) =>
        ConfigKey.Value(
            name, $"{ByteSize.Bounds(least, most)}, for instance {example}", meaning, ConfigValues.Bytes(least, most), ByteSize.Format, get, set);

    private static ConfigKey Duration(
        string name, TimeSpan least, TimeSpan most, string meaning, Func<TalonOptions, TimeSpan> get, Func<TalonOptions, TimeSpan, TalonOptions> set,
        string zero = "") => ConfigKey.Value(
            name, ConfigValues.DurationBounds(least, most, zero), meaning, ConfigValues.Duration(least, most), DurationText.FormatShort, get, set);

    private static ConfigKey Flag(string name, string meaning, Func<TalonOptions, bool> get, Func<TalonOptions, bool, TalonOptions> set) =>
        ConfigKey.Value(name, "true or false", meaning, ConfigValues.Flag, value => value ? "true" : "false", get, set);

    private static ConfigKey Choice<T>(
        string name, (string Word, T Value)[] choices, string meaning, Func<TalonOptions, T> get, Func<TalonOptions, T, TalonOptions> set, string remark = "")
        where T : struct => ConfigKey.Value(
            name,
            $"{string.Join(", ", choices[..^1].Select(choice => choice.Word))} or {choices[^1].Word}{remark}",
            meaning,
            text => choices.Where(choice => choice.Word.Equals(text, StringComparison.OrdinalIgnoreCase)).Select(choice => (T?)choice.Value).FirstOrDefault(),
            value => choices.First(choice => choice.Value.Equals(value)).Word,
            get,
            set);

    // The original's sample configuration has these keys with empty texts: not given.
    private static Func<TalonOptions, string, TalonOptions?> WithAws(Func<AwsOptions, string, AwsOptions> set, Func<string, bool>? isRight = null) =>
        (options, text) => IsEmptyOr(isRight, text) ? options with { Clouds = options.Clouds with { Aws = set(options.Clouds.Aws, text) } } : null;

    private static Func<TalonOptions, string, TalonOptions?> WithGcp(Func<GcpOptions, string, GcpOptions> set, Func<string, bool>? isRight = null) =>
        (options, text) => IsEmptyOr(isRight, text) ? options with { Clouds = options.Clouds with { Gcp = set(options.Clouds.Gcp, text) } } : null;

    private static Func<TalonOptions, string, TalonOptions?> WithMinio(Func<MinioOptions, string, MinioOptions> set, Func<string, bool>? isRight = null) =>
        (options, text) => IsEmptyOr(isRight, text) ? options with { Clouds = options.Clouds with { Minio = set(options.Clouds.Minio, text) } } : null;

    private static bool IsEmptyOr(Func<string, bool>? isRight, string text) => text.Length == 0 || isRight?.Invoke(text) != false;

    private static bool IsPlainName(string text) => text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or ':' or '.');

    private static bool IsArn(string text) => text.StartsWith("arn:", StringComparison.Ordinal) && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));

    private static bool IsEndpoint(string text) =>
        Uri.TryCreate($"tcp://{text}", UriKind.Absolute, out var uri) && uri.Authority == text && uri.UserInfo.Length == 0;

    private static bool IsAddress(string text) => IPAddress.TryParse(text, out _);

    // The port of the node, which is read before, is that of the others as well. With port 0 the node joins nobody: any number does.
    private static TalonOptions? WithSeedNodes(TalonOptions options, ImmutableArray<string> texts)
    {
        var seeds = texts.Select(text => NodeAddress.Parse(text, Math.Max(options.Cluster.Port, 1))).ToList();
        return seeds.Contains(null) ? null : options with { Cluster = options.Cluster with { SeedNodes = [.. seeds.OfType<NodeAddress>()] } };
    }
}
