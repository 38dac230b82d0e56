using Talon.Host.Configuration;

namespace Talon.Host.Tests.Configuration;

public sealed class ConfigKeysTests
{
    // A value other than the default for every key; taken together they may contradict each other.
    private static readonly Dictionary<string, string[]> Values = new(StringComparer.Ordinal)
    {
        ["listen_address"] = ["127.0.0.1"],
        ["listen_port"] = ["1"],
        ["rules_files"] = ["a.yaml", "b.yaml"],
        ["default_notifiers"] = ["k8sevents"],
        ["watch_rules"] = ["false"],
        ["kubeconfig"] = ["/k"],
        ["log_format"] = ["json"],
        ["print_all_events"] = ["true"],
        ["deduplication.time_window_seconds"] = ["7"],
        ["protected_namespaces"] = ["one", "two"],
        ["dry_run"] = ["true"],
        ["max_age"] = ["7d"],
        ["retry.max_age"] = ["1h30m"],
        ["lanes.short"] = ["2"],
        ["lanes.long"] = ["3"],
        ["ingress.auth"] = ["token"],
        ["ingress.token"] = ["t0p"],
        ["ingress.token_file"] = ["/t"],
        ["ingress.tls.cert"] = ["/c"],
        ["ingress.tls.key"] = ["/tls-key"],
        ["ingress.tls.client_ca"] = ["/ca"],
        ["ingress.max_body"] = ["512Ki"],
        ["shutdown.grace_period"] = ["1m1s"],
        ["journal.provider"] = ["postgresql"],
        ["journal.path"] = ["/j"],
        ["journal.connection_string"] = ["Password=s3cret"],
        ["journal.connection_string_file"] = ["/cs"],
        ["journal.auto_create"] = ["false"],
        ["journal.max_connections"] = ["4"],
        ["outputs.spool.path"] = ["/spool"],
        ["outputs.spool.max_size"] = ["2Gi"],
        ["aws.region"] = ["eu-west-3"],
        ["aws.access_key"] = ["AKIAs3cret"],
        ["aws.access_key_file"] = ["/ak"],
        ["aws.secret_key"] = ["s3cret-of-aws"],
        ["aws.secret_key_file"] = ["/sk"],
        ["aws.role_arn"] = ["arn:aws:iam::123456789012:role/talon"],
        ["aws.external_id"] = ["id"],
        ["gcp.project"] = ["project"],
        ["gcp.region"] = ["us-central1"],
        ["gcp.credentials_path"] = ["{\"private_key\": \"s3cret\"}"],
        ["minio.endpoint"] = ["minio.storage:9000"],
        ["minio.access_key"] = ["s3cret-of-minio"],
        ["minio.access_key_file"] = ["/mak"],
        ["minio.secret_key"] = ["s3cret-of-minio-too"],
        ["minio.secret_key_file"] = ["/msk"],
        ["minio.use_ssl"] = ["true"],
        ["audit.retention"] = ["3650d"],
        ["audit.max_facts_per_bucket"] = ["100000000"],
        ["cluster.mode"] = ["static"],
        ["cluster.host"] = ["node-0"],
        ["cluster.bind_address"] = ["0.0.0.0"],
        ["cluster.port"] = ["4"],
        ["cluster.seed_nodes"] = ["node-0:4", "[::1]:5"],
        ["cluster.join_timeout"] = ["2m"],
        ["cluster.allow_insecure"] = ["true"],
    };

    [Fact]
    public void EveryKey_Set_IsShownAsWrittenAndChangesNoOther()
    {
        Assert.Equal(ConfigKeys.All.Select(key => key.Name), Values.Keys);
        var standard = new TalonOptions();
        foreach (var key in ConfigKeys.All)
        {
            var changed = key.Apply(standard, [.. Values[key.Name]])!;

            Assert.Equal(string.Join(' ', Values[key.Name]), Shown(key, changed));
            Assert.NotEqual(Shown(key, standard), Shown(key, changed));
            Assert.All(ConfigKeys.All.Where(other => other != key), other => Assert.Equal(Shown(other, standard), Shown(other, changed)));
        }
    }

    [Fact]
    public void EveryDefault_Shown_IsReadBack()
    {
        var standard = new TalonOptions();
        Assert.All(
            ConfigKeys.All.Where(key => !key.Show(standard).IsEmpty),
            key => Assert.Equal(Shown(key, standard), Shown(key, key.Apply(standard, key.Show(standard))!)));
    }

    [Fact]
    public void Print_EveryKey_HidesTheSecretsAndNothingElse()
    {
        var options = ConfigKeys.All.Aggregate(new TalonOptions(), (taken, key) => key.Apply(taken, [.. Values[key.Name]])!);

        string text = options.ToString();

        Assert.All(ConfigKeys.All, key => Assert.Contains(
            $"{key.Name} = {(key.IsSecret ? "(secret)" : string.Join(", ", Values[key.Name]))}", text, StringComparison.Ordinal));
        Assert.DoesNotContain("t0p", text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
    }

    private static string Shown(ConfigKey key, TalonOptions options) => string.Join(' ', key.Show(options));
}
