using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Clients.Minio;
using Talon.Cluster.Journal;
using Talon.Host.Configuration;
using Talon.Host.Logging;

namespace Talon.Host.Tests.Configuration;

public sealed class ConfigReaderTests
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    [Fact]
    public void Read_NothingGiven_IsTheDocumentedDefault()
    {
        using var folder = new TempFolder();

        var options = ConfigReader.Read(folder.Write("config.yaml", ""), NoEnvironment).Options;

        Assert.NotNull(options);
        Assert.Equal("0.0.0.0", options.ListenAddress);
        Assert.Equal(2803, options.ListenPort);
        Assert.Equal("/etc/falco-talon/rules.yaml", Assert.Single(options.RulesFiles));
        Assert.Equal(LogFormat.Color, options.LogFormat);
        Assert.Equal("kube-system,kube-public,kube-node-lease", string.Join(',', options.ProtectedNamespaces));
        Assert.Equal(256 * 1024, options.Ingress.MaxBody);
        Assert.False(options.Ingress.RequiresToken);
        var pipeline = options.Pipeline;
        Assert.Equal(new Talon.Actors.Pipeline.PipelineOptions(), pipeline);
        Assert.Equal(new Talon.Cluster.Forming.TalonClusterOptions { Version = BuildInfo.Version }, options.ToClusterOptions() with { SeedNodes = [] });
        Assert.Empty(options.Cluster.SeedNodes);
    }

    [Theory]
    [InlineData(ConfigReader.LargestFile, true)]
    [InlineData(ConfigReader.LargestFile + 1, false)]
    public void Read_FileLargerThanTheLimit_IsAnError(int size, bool taken)
    {
        using var folder = new TempFolder();
        string file = folder.Write("config.yaml", "#".PadRight(size, 'x'));

        var result = ConfigReader.Read(file, NoEnvironment);

        Assert.Equal(taken, result.Options is not null);
        Assert.Equal(taken ? "" : $"{file}: the configuration file cannot be read: it is larger than 1 MiB", string.Join('\n', result.Errors));
    }

    [Fact]
    public void Read_LongWrongValue_IsNotCutWithinACharacter()
    {
        string value = new string('x', 79) + "\U0001f600";

        string error = Assert.Single(Read($"dry_run: {value}x").Errors);

        Assert.EndsWith($", not '{new string('x', 79)}…'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EveryKeyInTheFile_IsTaken()
    {
        var result = Read("""
            listen_address: 127.0.0.1
            listen_port: "2900"
            rules_files: [a.yaml, b.yaml]
            kubeconfig: /k
            log_format: JSON
            print_all_events: true
            watch_rules: false
            deduplication:
              time_window_seconds: 0
            protected_namespaces: one, two
            dry_run: 1
            max_age: 1h30m
            retry: {max_age: 90}
            lanes:
              short: 5
              long: 6
            ingress:
              auth: token
              token: abc
              tls: {cert: c, key: k, client_ca: ca}
              max_body: 512Ki
            shutdown: {grace_period: 0}
            journal: {path: /tmp/x}
            audit:
              retention: 2d
              max_facts_per_bucket: 5000
            cluster:
              mode: single
              host: localhost
              port: 0
            """);

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        var options = result.Options!;
        Assert.Equal("127.0.0.1", options.ListenAddress);
        Assert.Equal(2900, options.ListenPort);
        Assert.Equal("a.yaml,b.yaml", string.Join(',', options.RulesFiles));
        Assert.Equal("/k", options.KubeConfig);
        Assert.Equal(LogFormat.Json, options.LogFormat);
        Assert.True(options.PrintAllEvents);
        Assert.False(options.WatchRules);
        Assert.Equal("one,two", string.Join(',', options.ProtectedNamespaces));
        Assert.True(options.Pipeline.DryRun);
        Assert.Equal(
            new IngressSettings { RequiresToken = true, Token = "abc", TlsCertificate = "c", TlsKey = "k", TlsClientCa = "ca", MaxBody = 512 * 1024 },
            options.Ingress);
        var pipeline = options.Pipeline;
        Assert.Equal(TimeSpan.Zero, pipeline.DuplicateWindow);
        Assert.Equal(TimeSpan.FromMinutes(90), pipeline.MaxAge);
        Assert.Equal(TimeSpan.FromSeconds(90), pipeline.RetryMaxAge);
        Assert.Equal(5, pipeline.ShortLane);
        Assert.Equal(6, pipeline.LongLane);
        Assert.True(pipeline.DryRun);
        Assert.Equal(TimeSpan.Zero, pipeline.ShutdownGracePeriod);
        Assert.Equal(TimeSpan.FromDays(2), pipeline.AuditRetention);
        Assert.Equal(5000, pipeline.MaxFactsPerBucket);
        var cluster = options.ToClusterOptions();
        Assert.Equal(("localhost", 0, "/tmp/x"), (cluster.Host, cluster.Port, ((JournalOptions.Sqlite)cluster.Journal).Directory));
    }

    [Fact]
    public void Read_DurationInDays_IsTakenFromFileAndEnvironment()
    {
        var options = Read("max_age: 7d\n", new Dictionary<string, string>(StringComparer.Ordinal) { ["AUDIT_RETENTION"] = "1d12h" }).Options!;

        Assert.Equal(TimeSpan.FromDays(7), options.Pipeline.MaxAge);
        Assert.Equal(TimeSpan.FromDays(1.5), options.Pipeline.AuditRetention);
    }

    [Fact]
    public void Read_EnvironmentAndFile_TheEnvironmentWins()
    {
        var result = Read(
            "listen_port: 1\nrules_files: [a]\ningress: {max_body: 2Ki}\ndry_run: true\n",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["LISTEN_PORT"] = "2",
                ["RULES_FILES"] = " b.yaml , c.yaml,",
                ["INGRESS_MAX_BODY"] = "4096",
                ["DRY_RUN"] = "",
                ["KUBECONFIG"] = "/env/kubeconfig",
                ["DEDUPLICATION_TIME_WINDOW_SECONDS"] = "9",
                ["OTEL"] = "x",
                ["INGRESS"] = "x",
            });

        Assert.Empty(result.Errors);
        Assert.Equal(2, result.Options!.ListenPort);
        Assert.Equal("b.yaml,c.yaml", string.Join(',', result.Options.RulesFiles));
        Assert.Equal(4096, result.Options.Ingress.MaxBody);
        Assert.True(result.Options.Pipeline.DryRun);
        Assert.Equal("/env/kubeconfig", result.Options.KubeConfig);
        Assert.Equal(TimeSpan.FromSeconds(9), result.Options.Pipeline.DuplicateWindow);
    }

    [Fact]
    public void Read_WrongValueInTheEnvironment_IsToldForEveryKeyThatHasAWrongValue()
    {
        string[] anyText =
        [
            "rules_files", "kubeconfig", "ingress.token", "ingress.token_file", "ingress.tls.cert", "ingress.tls.key", "ingress.tls.client_ca", "journal.path",
            "journal.connection_string", "journal.connection_string_file", "outputs.spool.path", "aws.access_key", "aws.access_key_file", "aws.secret_key",
            "aws.secret_key_file", "aws.external_id", "gcp.credentials_path", "minio.access_key", "minio.access_key_file", "minio.secret_key", "minio.secret_key_file",

            // Its names are checked against the catalog, with a message of their own.
            "default_notifiers",
        ];
        foreach (var key in ConfigKeys.All.Where(key => !anyText.Contains(key.Name, StringComparer.Ordinal)))
        {
            var result = Read("", new Dictionary<string, string>(StringComparer.Ordinal) { [key.Environment] = "\u0001 wrong" });

            Assert.StartsWith(
                $"environment variable {key.Environment}: {key.Name} ({key.Environment}) must be ", Assert.Single(result.Errors), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_TextsInTheEnvironment_AreTaken()
    {
        var options = Read("", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["JOURNAL_PATH"] = "/j",
            ["INGRESS_AUTH"] = "token",
            ["INGRESS_TOKEN_FILE"] = "/t",
            ["INGRESS_TLS_CERT"] = "/c",
            ["INGRESS_TLS_KEY"] = "/k",
            ["INGRESS_TLS_CLIENT_CA"] = "/ca",
        }).Options!;

        Assert.Equal("/j", options.Journal.Path);
        Assert.Equal(
            new IngressSettings { RequiresToken = true, TokenFile = "/t", TlsCertificate = "/c", TlsKey = "/k", TlsClientCa = "/ca" },
            options.Ingress);
    }

    [Fact]
    public void Read_PostgreSqlInFileAndEnvironment_IsTakenAndNotPrinted()
    {
        var options = Read(
            "journal: {provider: PostgreSQL, auto_create: false, max_connections: 7}",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["JOURNAL_CONNECTION_STRING"] = " Host=db;Password=t0psecret\n" }).Options!;

        Assert.Equal(
            new JournalOptions.PostgreSql("Host=db;Password=t0psecret", AutoCreate: false, MaxConnections: 7), options.ToClusterOptions().Journal);
        Assert.Equal(32, options.ToClusterOptions().Journal.Buckets);
        Assert.DoesNotContain("t0psecret", options.ToString() + options.ToClusterOptions(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_KeysOfTheOriginalThatAreNotBuilt_AreWarnings()
    {
        var result = Read("""
            default_notifiers: [slack]
            deduplication: {leader_election: true}
            otel: {traces_enabled: true}
            notifiers:
              slack: {webhook_url: "https://x"}
              webhook: {custom_headers: {Authorization: "Bearer t"}}
            """);

        Assert.Empty(result.Errors);
        Assert.Equal<string>(
            [
                "config.yaml:2:17: deduplication.leader_election has no effect in this version",
                "config.yaml:3:8: otel.traces_enabled has no effect in this version",
            ],
            result.Warnings);
    }

    public static TheoryData<string, string> Broken() => new()
    {
        { "listen_prt: 1", "config.yaml:1:1: unknown key 'listen_prt'; did you mean 'listen_port'?" },
        { "foo: {}", "config.yaml:1:1: unknown key 'foo'" },
        { "ingress:\n  max_bdy: 1Ki", "config.yaml:2:3: unknown key 'ingress.max_bdy'; did you mean 'ingress.max_body'?" },
        { "max_body: 1Ki", "config.yaml:1:1: unknown key 'max_body'; did you mean 'ingress.max_body'?" },
        { "otel: {endpoint: x}", "config.yaml:1:8: unknown key 'otel.endpoint'" },
        { "listen_port: abc", "config.yaml:1:14: listen_port (LISTEN_PORT) must be a port from 0 to 65535 (0 takes any free one), not 'abc'" },
        { "listen_port: 65536", "config.yaml:1:14: listen_port (LISTEN_PORT) must be a port from 0 to 65535 (0 takes any free one), not '65536'" },
        { "listen_port: [1]", "config.yaml:1:14: listen_port (LISTEN_PORT) must be a port from 0 to 65535 (0 takes any free one), not a list" },
        { "listen_port: {a: 1}", "config.yaml:1:14: listen_port (LISTEN_PORT) must be a port from 0 to 65535 (0 takes any free one), not a map" },
        { "listen_port: 1\nListen_Port: 2", "config.yaml:2:1: listen_port is given twice; keep one of them" },
        { "listen_address: nowhere", "config.yaml:1:17: listen_address (LISTEN_ADDRESS) must be an IP address such as 0.0.0.0, 127.0.0.1 or ::, not 'nowhere'" },
        { "rules_files: []", "config.yaml:1:14: rules_files (RULES_FILES) must be a list of at least one file, not ''" },
        { "rules_files:\n  - a\n  - b: c", "config.yaml:3:5: rules_files (RULES_FILES) must be a list of at least one file, not a map" },
        { "log_format: pretty", "config.yaml:1:13: log_format (LOG_FORMAT) must be color, text or json, not 'pretty'" },
        { "dry_run: maybe", "config.yaml:1:10: dry_run (DRY_RUN) must be true or false, not 'maybe'" },
        { "deduplication: {time_window_seconds: 86401}", "config.yaml:1:38: deduplication.time_window_seconds (DEDUPLICATION_TIME_WINDOW_SECONDS) must be a whole number of seconds from 0 (off) to 86400, not '86401'" },
        { "protected_namespaces: [Kube]", "config.yaml:1:23: protected_namespaces (PROTECTED_NAMESPACES) must be a list of namespaces (lower-case letters, digits and '-', at most 63, with a letter or digit at both ends), not 'Kube'" },
        { "max_age: 10 minutes", "config.yaml:1:10: max_age (MAX_AGE) must be a duration from 0 (no limit) to 7d, in whole seconds or like 90s, 10m, 1h30m, 7d, not '10 minutes'" },
        { "max_age: 8d", "config.yaml:1:10: max_age (MAX_AGE) must be a duration from 0 (no limit) to 7d, in whole seconds or like 90s, 10m, 1h30m, 7d, not '8d'" },
        { "lanes: 3", "config.yaml:1:8: lanes must be a map with keys such as short, long, not a number" },
        { "lanes: {short: 0}", "config.yaml:1:16: lanes.short (LANES_SHORT) must be a whole number from 1 to 1000, not '0'" },
        { "ingress: {max_body: 1025Ki}", "config.yaml:1:21: ingress.max_body (INGRESS_MAX_BODY) must be a number of bytes from 1Ki to 1Mi, for instance 262144 or 256Ki, not '1025Ki'" },
        { "ingress: {auth: token}", "config.yaml:1:17: ingress.auth (INGRESS_AUTH) is token, but there is none: set ingress.token_file (INGRESS_TOKEN_FILE) or ingress.token (INGRESS_TOKEN)" },
        { "ingress: {auth: token, token: \" \\n\"}", "config.yaml:1:31: ingress.token (INGRESS_TOKEN) is nothing but white space: set a token" },
        { "ingress: {token: t0psecret}", "config.yaml:1:18: ingress.token (INGRESS_TOKEN) is set, but nobody is asked for it: set ingress.auth (INGRESS_AUTH) to token" },
        { "ingress: {auth: token, token: a, token_file: b}", "config.yaml:1:31: ingress.token (INGRESS_TOKEN) and ingress.token_file (INGRESS_TOKEN_FILE) are both set: keep one of them" },
        { "ingress: {tls: {cert: a}}", "config.yaml:1:23: ingress.tls.cert (INGRESS_TLS_CERT) and ingress.tls.key (INGRESS_TLS_KEY) go together: set both or neither" },
        { "ingress: {tls: {client_ca: a}}", "config.yaml:1:28: ingress.tls.client_ca (INGRESS_TLS_CLIENT_CA) needs ingress.tls.cert and ingress.tls.key: without TLS there are no client certificates" },
        { "cluster: {mode: kubernetes}", "config.yaml:1:17: cluster.mode (CLUSTER_MODE) must be single or static (kubernetes is not available in this version), not 'kubernetes'" },
        { "cluster: {mode: static, seed_nodes: [a]}", "config.yaml:1:17: cluster.mode (CLUSTER_MODE) is static, but a SQLite journal belongs to one node: set journal.provider (JOURNAL_PROVIDER) to postgresql" },
        { "journal: {provider: postgresql, connection_string: c}\ncluster: {mode: static}", "config.yaml:2:17: cluster.mode (CLUSTER_MODE) is static, but there are no seed nodes: set cluster.seed_nodes (CLUSTER_SEED_NODES) to the same list on every node" },
        { "cluster: {seed_nodes: [a]}", "config.yaml:1:23: cluster.seed_nodes (CLUSTER_SEED_NODES) is set, but a single node joins nobody: set cluster.mode (CLUSTER_MODE) to static" },
        { "cluster: {seed_nodes: ['a:0']}", "config.yaml:1:23: cluster.seed_nodes (CLUSTER_SEED_NODES) must be a list of host or host:port with ports from 1 to 65535, not 'a:0'" },
        { "journal: {provider: postgresql, connection_string: c}\ncluster: {mode: static, seed_nodes: [a], port: 0}", "config.yaml:2:48: cluster.port (CLUSTER_PORT) is 0, but the nodes of a static cluster must be known by their ports: set one" },
        { "journal: {provider: postgresql, connection_string: c}\ncluster: {mode: static, seed_nodes: [a], allow_insecure: false, host: talon-0}", "config.yaml:2:58: the nodes of a static cluster talk without TLS in this version: on a network that only they can use set cluster.allow_insecure (CLUSTER_ALLOW_INSECURE) to true" },
        { "journal: {provider: mysql}", "config.yaml:1:21: journal.provider (JOURNAL_PROVIDER) must be sqlite or postgresql, not 'mysql'" },
        { "journal: {max_connections: 3}", "config.yaml:1:28: journal.max_connections (JOURNAL_MAX_CONNECTIONS) must be a whole number from 4 to 1000, not '3'" },
        { "journal: {provider: postgresql}", "config.yaml:1:21: journal.provider (JOURNAL_PROVIDER) is postgresql, but nothing says how to reach it: set journal.connection_string_file (JOURNAL_CONNECTION_STRING_FILE) or journal.connection_string (JOURNAL_CONNECTION_STRING)" },
        { "journal: {provider: postgresql, connection_string: \" \\n\"}", "config.yaml:1:52: journal.connection_string (JOURNAL_CONNECTION_STRING) is nothing but white space: set a connection string" },
        { "journal: {provider: postgresql, connection_string: Host=a, connection_string_file: b}", "config.yaml:1:52: journal.connection_string (JOURNAL_CONNECTION_STRING) and journal.connection_string_file (JOURNAL_CONNECTION_STRING_FILE) are both set: keep one of them" },
        { "journal: {connection_string: t0psecret}", "config.yaml:1:30: journal.connection_string (JOURNAL_CONNECTION_STRING) is set, but the journal is SQLite: set journal.provider (JOURNAL_PROVIDER) to postgresql" },
        { "journal: {connection_string_file: /f}", "config.yaml:1:35: journal.connection_string_file (JOURNAL_CONNECTION_STRING_FILE) is set, but the journal is SQLite: set journal.provider (JOURNAL_PROVIDER) to postgresql" },
        { "cluster: {port: 2803}", "config.yaml:1:17: cluster.port (CLUSTER_PORT) and listen_port (LISTEN_PORT) are both 2803: choose two different ports" },
        { "outputs: {spool: {max_size: 1Ki}}", "config.yaml:1:29: outputs.spool.max_size (OUTPUTS_SPOOL_MAX_SIZE) must be a number of bytes from 1Mi to 64Gi, for instance 2Gi, not '1Ki'" },
        { "aws: {access_key: t0psecret}", "config.yaml:1:19: aws.access_key (AWS_ACCESS_KEY) and aws.secret_key (AWS_SECRET_KEY) go together: set both or neither" },
        { "aws: {secret_key_file: /f}", "configuration: aws.secret_key (AWS_SECRET_KEY) and aws.access_key (AWS_ACCESS_KEY) go together: set both or neither" },
        { "aws: {access_key: a, secret_key: t0psecret, secret_key_file: f}", "config.yaml:1:34: aws.secret_key (AWS_SECRET_KEY) and aws.secret_key_file (AWS_SECRET_KEY_FILE) are both set: keep one of them" },
        { "aws: {external_id: x}", "config.yaml:1:20: aws.external_id (AWS_EXTERNAL_ID) is set, but no role asks for it: set aws.role_arn (AWS_ROLE_ARN)" },
        { "minio: {endpoint: \"http://minio:9000\"}", "config.yaml:1:19: minio.endpoint (MINIO_ENDPOINT) must be a host or host:port without a scheme, such as minio.storage:9000, not 'http://minio:9000'" },
        { "minio: {access_key: a, access_key_file: f, secret_key: t0psecret}", "config.yaml:1:21: minio.access_key (MINIO_ACCESS_KEY) and minio.access_key_file (MINIO_ACCESS_KEY_FILE) are both set: keep one of them" },
        { "default_notifiers: [slak]", "config.yaml:1:21: default_notifiers: unknown notifier 'slak'; did you mean 'slack'?" },
        { "default_notifiers: SMTP, pagerduty", "config.yaml:1:20: default_notifiers: unknown notifier 'pagerduty'; known: k8sevents, slack, smtp, webhook, loki, elasticsearch" },
        { "default_notifiers: {slack: true}", "config.yaml:1:20: default_notifiers (DEFAULT_NOTIFIERS) must be a list of notifiers, not a map" },
        { "default_notifiers: [slack, ]\nnotifiers: {slck: {webhook_url: x}}", "config.yaml:2:13: notifiers: unknown notifier 'slck'; did you mean 'slack'?" },
        { "notifiers: [slack]", "config.yaml:1:12: notifiers must be a map, not a list" },
        { "notifiers: {k8sevents: x}", "config.yaml:1:24: notifiers.k8sevents must be a map with keys such as notify_on, min_priority, rules, max_age, not a text" },
        { "notifiers:\n  slack:\n    webhok_url: https://t0psecret", "config.yaml:3:5: notifiers.slack: unknown setting 'webhok_url'; did you mean 'webhook_url'?" },
        { "notifiers:\n  slack:\n    webhook_url: t0psecret", "config.yaml:3:18: notifiers.slack: setting 'webhook_url': must be an absolute URL that begins with http:// or https://" },
        { "notifiers: {k8sevents: {url: x}}", "config.yaml:1:25: notifiers.k8sevents: unknown setting 'url'; known: notify_on, min_priority, rules, max_age" },
        { "notifiers: {Smtp: {password: 4711}}", "config.yaml:1:30: notifiers.smtp: setting 'password' must be a text, not a whole number; put it in quotes" },
        { "notifiers: {smtp: {user: 4711}}", "config.yaml:1:26: notifiers.smtp: setting 'user' must be a text, not a whole number; put it in quotes: \"4711\"" },
        { "notifiers: {smtp: {tls: sometimes}}", "config.yaml:1:25: notifiers.smtp: setting 'tls': must be none, starttls, implicit, true or false" },
        { "notifiers: {elasticsearch: {number_of_shards: 0}}", "config.yaml:1:47: notifiers.elasticsearch: setting 'number_of_shards': must be a whole number from 1 to 1024" },
        { "notifiers: {webhook: {custom_headers: [\"Authorization: t0psecret\"]}}", "config.yaml:1:39: notifiers.webhook: setting 'custom_headers' must be a map of texts, not a list; write 'key: value' lines below it" },
        { "notifiers:\n  webhook:\n    custom_headers:\n      X-Key: 4711", "config.yaml:4:14: notifiers.webhook: entry 'X-Key' of setting 'custom_headers' must be a text, not a whole number; put it in quotes" },
        { "notifiers: {webhook: {custom_headers: {X-Key: \"4711\\r\\nX: y\"}}}", "config.yaml:1:39: notifiers.webhook: setting 'custom_headers': the value of header X-Key must be printable ASCII without line breaks" },
        { "notifiers: {smtp: {password: *Sup3rS3cret}}", "config.yaml:1:30: an alias ('*…') has no anchor before it; put the value in quotes if it begins with *" },
        { "- a", "config.yaml:1:1: the configuration must be a map of keys and values, not a list" },
        { "dry_run: true\n---\ndry_run: false", "config.yaml:3:1: a second document begins here; the configuration is one document, and the original read the first only: join them, or remove this one" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Read_BrokenConfiguration_IsToldWithItsPlaceAndWhatWouldBeRight(string text, string error)
    {
        var result = Read(text);

        Assert.Null(result.Options);
        Assert.Equal(error, Assert.Single(result.Errors));
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("a: 1\na: 2")]
    [InlineData("\ta: 1")]
    [InlineData("dry_run: !!bool true")]
    public void Read_NotYaml_IsAnErrorWithItsPlace(string text)
    {
        var result = Read(text);

        Assert.Null(result.Options);
        Assert.Matches(@"^config\.yaml:\d+:\d+: ", result.Errors[0]);
    }

    [Fact]
    public void Read_ManyErrors_AllAreToldInTheOrderOfTheFileThenTheEnvironment()
    {
        var result = Read(
            "lanes: {short: x, long: y}\nfoo: 1\nlisten_port: z\n",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DRY_RUN"] = "perhaps" });

        Assert.Equal(
            "config.yaml:1:16, config.yaml:1:25, config.yaml:2:1, config.yaml:3:14, environment variable DRY_RUN",
            string.Join(", ", result.Errors.Select(error => error[..error.IndexOf(": ", StringComparison.Ordinal)])));
    }

    [Fact]
    public void Read_FileMissing_IsAnError()
    {
        var result = ConfigReader.Read("/nowhere/config.yaml", NoEnvironment);

        Assert.Null(result.Options);
        Assert.StartsWith("/nowhere/config.yaml: the configuration file cannot be read: ", Assert.Single(result.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_KeysOfClouds_AreTakenAndNotPrinted()
    {
        var options = Read(
            "aws: {region: eu-west-3, role_arn: \"arn:aws:iam::1:role/r\", external_id: id}\ngcp: {project: p, region: us-central1, credentials_path: /gcp.json}\n"
            + "minio: {endpoint: \"minio:9000\", access_key: t0psecret-1, secret_key: t0psecret-2, use_ssl: true}",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["AWS_ACCESS_KEY"] = "t0psecret-3", ["AWS_SECRET_KEY"] = "t0psecret-4" }).Options!;

        Assert.Equal(
            new AwsOptions { Region = "eu-west-3", AccessKey = "t0psecret-3", SecretKey = "t0psecret-4", RoleArn = "arn:aws:iam::1:role/r", ExternalId = "id" }, options.Clouds.Aws);
        Assert.Equal(new GcpOptions { Project = "p", Region = "us-central1", Credentials = "/gcp.json" }, options.Clouds.Gcp);
        Assert.Equal(new MinioOptions { Endpoint = "minio:9000", AccessKey = "t0psecret-1", SecretKey = "t0psecret-2", UseTls = true }, options.Clouds.Minio);
        Assert.DoesNotContain("t0psecret", $"{options} {options.Clouds} {options.Clouds.Aws} {options.Clouds.Gcp} {options.Clouds.Minio}", StringComparison.Ordinal);
    }

    [Fact]
    public void WithKeysOfFiles_Files_AreReadWithoutTheWhiteSpaceAroundThem()
    {
        using var folder = new TempFolder();
        var clouds = Read(
            $"aws: {{access_key: a, secret_key_file: {folder.Write("aws", "t0psecret-1\n")}}}\n"
            + $"minio: {{access_key_file: {folder.Write("minio-a", " t0psecret-2 ")}, secret_key_file: {folder.Write("minio-s", "t0psecret-3")}}}").Options!.Clouds;

        var read = clouds.WithKeysOfFiles();

        Assert.Equal(("a", "t0psecret-1"), (read.Aws.AccessKey, read.Aws.SecretKey));
        Assert.Equal(("t0psecret-2", "t0psecret-3"), (read.Minio.AccessKey, read.Minio.SecretKey));
        Assert.DoesNotContain("t0psecret", read.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty: aws.secret_key_file must name one that holds the secret")]
    [InlineData(null, "the file of aws.secret_key_file cannot be read: ")]
    public void WithKeysOfFiles_FileThatHoldsNoKey_SaysWhichKeyNamesIt(string? content, string error)
    {
        using var folder = new TempFolder();
        string file = content is null ? "/nowhere/key" : folder.Write("key", content);

        var thrown = Assert.Throws<IOException>(() => Read($"aws: {{access_key: a, secret_key_file: {file}}}").Options!.Clouds.WithKeysOfFiles());

        Assert.Contains(error, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_Options_DoesNotShowTheToken()
    {
        var options = new TalonOptions { Ingress = new IngressSettings { RequiresToken = true, Token = "t0psecret" } };

        Assert.DoesNotContain("t0psecret", options.ToString(), StringComparison.Ordinal);
    }

    private static ConfigResult Read(string text, Dictionary<string, string>? environment = null) => ConfigText.Read(text, environment);
}
