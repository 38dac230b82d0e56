using System.Net;
using Talon.Cluster.Forming;

namespace Talon.Host.Configuration;

/// <summary>Finds settings that are right one by one and wrong together.</summary>
internal static class ConfigContradictions
{
    /// <summary>Adds an error for each.</summary>
    public static void Find(TalonOptions options, Func<string, ConfigPlace> placeOf, ConfigErrorList errors)
    {
        var ingress = options.Ingress;
        bool token = ingress.Token.Length > 0;
        bool file = ingress.TokenFile.Length > 0;
        if (ingress.RequiresToken && !token && !file)
        {
            Add("ingress.auth", "ingress.auth (INGRESS_AUTH) is token, but there is none: set ingress.token_file (INGRESS_TOKEN_FILE) or ingress.token (INGRESS_TOKEN)");
        }

        if (token && string.IsNullOrWhiteSpace(ingress.Token))
        {
            Add("ingress.token", "ingress.token (INGRESS_TOKEN) is nothing but white space: set a token");
        }

        if (token && file)
        {
            Add("ingress.token", "ingress.token (INGRESS_TOKEN) and ingress.token_file (INGRESS_TOKEN_FILE) are both set: keep one of them");
        }

        if (!ingress.RequiresToken && (token || file))
        {
            string key = token ? "ingress.token" : "ingress.token_file";
            Add(key, $"{key} ({ConfigKey.EnvironmentName(key)}) is set, but nobody is asked for it: set ingress.auth (INGRESS_AUTH) to token");
        }

        if (ingress.TlsCertificate.Length > 0 != ingress.TlsKey.Length > 0)
        {
            string key = ingress.TlsKey.Length > 0 ? "ingress.tls.key" : "ingress.tls.cert";
            Add(key, "ingress.tls.cert (INGRESS_TLS_CERT) and ingress.tls.key (INGRESS_TLS_KEY) go together: set both or neither");
        }

        if (ingress.TlsClientCa.Length > 0 && ingress is { TlsCertificate: "", TlsKey: "" })
        {
            Add("ingress.tls.client_ca", "ingress.tls.client_ca (INGRESS_TLS_CLIENT_CA) needs ingress.tls.cert and ingress.tls.key: without TLS there are no client certificates");
        }

        FindInJournal(options.Journal, Add);
        if (options.ListenPort != 0 && options.ListenPort == options.Cluster.Port)
        {
            Add("cluster.port", $"cluster.port (CLUSTER_PORT) and listen_port (LISTEN_PORT) are both {options.ListenPort}: choose two different ports");
        }

        FindInCluster(options, Add);
        FindInClouds(options.Clouds, Add);

        void Add(string key, string message) => errors.Add(placeOf(key), message);
    }

    private static void FindInCluster(TalonOptions options, Action<string, string> add)
    {
        if (options.Cluster.Mode == ClusterMode.SingleNode)
        {
            if (options.Cluster.SeedNodes.Length > 0)
            {
                add("cluster.seed_nodes", "cluster.seed_nodes (CLUSTER_SEED_NODES) is set, but a single node joins nobody: set cluster.mode (CLUSTER_MODE) to static");
            }

            return;
        }

        if (options.Cluster.SeedNodes.Length == 0)
        {
            add("cluster.mode", "cluster.mode (CLUSTER_MODE) is static, but there are no seed nodes: set cluster.seed_nodes (CLUSTER_SEED_NODES) to the same list on every node");
        }

        if (!options.Journal.IsPostgreSql)
        {
            add(
                "cluster.mode",
                "cluster.mode (CLUSTER_MODE) is static, but a SQLite journal belongs to one node: set journal.provider (JOURNAL_PROVIDER) to postgresql");
        }

        if (options.Cluster.Port == 0)
        {
            add("cluster.port", "cluster.port (CLUSTER_PORT) is 0, but the nodes of a static cluster must be known by their ports: set one");
        }

        if (!options.ClusterAllowInsecure && !ListensOnLoopback(options))
        {
            add(
                "cluster.allow_insecure",
                "the nodes of a static cluster talk without TLS in this version: on a network that only they can use set cluster.allow_insecure (CLUSTER_ALLOW_INSECURE) to true");
        }
    }

    private static void FindInClouds(CloudSettings clouds, Action<string, string> add)
    {
        FindInKeys("aws", clouds.Aws.AccessKey, clouds.AwsAccessKeyFile, clouds.Aws.SecretKey, clouds.AwsSecretKeyFile, add);
        FindInKeys("minio", clouds.Minio.AccessKey, clouds.MinioAccessKeyFile, clouds.Minio.SecretKey, clouds.MinioSecretKeyFile, add);
        if (clouds.Aws is { ExternalId.Length: > 0, RoleArn.Length: 0 })
        {
            add("aws.external_id", "aws.external_id (AWS_EXTERNAL_ID) is set, but no role asks for it: set aws.role_arn (AWS_ROLE_ARN)");
        }
    }

    private static void FindInKeys(string section, string access, string accessFile, string secret, string secretFile, Action<string, string> add)
    {
        FindTwice($"{section}.access_key", access, accessFile, add);
        FindTwice($"{section}.secret_key", secret, secretFile, add);
        bool hasAccess = access.Length + accessFile.Length > 0;
        if (hasAccess != secret.Length + secretFile.Length > 0)
        {
            string key = $"{section}.{(hasAccess ? "access" : "secret")}_key";
            string other = $"{section}.{(hasAccess ? "secret" : "access")}_key";
            add(key, $"{key} ({ConfigKey.EnvironmentName(key)}) and {other} ({ConfigKey.EnvironmentName(other)}) go together: set both or neither");
        }
    }

    private static void FindTwice(string key, string text, string file, Action<string, string> add)
    {
        if (text.Length > 0 && file.Length > 0)
        {
            add(key, $"{key} ({ConfigKey.EnvironmentName(key)}) and {key}_file ({ConfigKey.EnvironmentName($"{key}_file")}) are both set: keep one of them");
        }
    }

    private static bool ListensOnLoopback(TalonOptions options)
    {
        string address = TalonClusterOptions.ListenAddress(options.Cluster.Host, options.Cluster.BindAddress);
        return IPAddress.TryParse(address, out var ip) ? IPAddress.IsLoopback(ip) : address.Equals("localhost", StringComparison.OrdinalIgnoreCase);
    }

    private static void FindInJournal(JournalSettings journal, Action<string, string> add)
    {
        bool text = journal.ConnectionString.Length > 0;
        bool file = journal.ConnectionStringFile.Length > 0;
        if (text && string.IsNullOrWhiteSpace(journal.ConnectionString))
        {
            add("journal.connection_string", "journal.connection_string (JOURNAL_CONNECTION_STRING) is nothing but white space: set a connection string");
        }

        if (journal.IsPostgreSql && !text && !file)
        {
            add(
                "journal.provider",
                "journal.provider (JOURNAL_PROVIDER) is postgresql, but nothing says how to reach it: "
                + "set journal.connection_string_file (JOURNAL_CONNECTION_STRING_FILE) or journal.connection_string (JOURNAL_CONNECTION_STRING)");
        }

        if (text && file)
        {
            add(
                "journal.connection_string",
                "journal.connection_string (JOURNAL_CONNECTION_STRING) and journal.connection_string_file (JOURNAL_CONNECTION_STRING_FILE) are both set: keep one of them");
        }

        if (!journal.IsPostgreSql && (text || file))
        {
            string key = text ? "journal.connection_string" : "journal.connection_string_file";
            add(key, $"{key} ({ConfigKey.EnvironmentName(key)}) is set, but the journal is SQLite: set journal.provider (JOURNAL_PROVIDER) to postgresql");
        }
    }
}
