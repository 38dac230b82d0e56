using Talon.Cluster.Forming;
using static Talon.Architecture.Tests.Deploy.Manifests;

namespace Talon.Architecture.Tests.Deploy;

/// <summary><c>deploy/k8s/cluster</c>: three nodes with PostgreSQL.</summary>
public sealed class ClusterManifestTests : ManifestTests
{
    private const string Nodes = "falco-talon-nodes";
    private const string Postgres = "falco-talon-postgres";

    public ClusterManifestTests()
        : base(new Manifests("cluster"))
    {
    }

    [Fact]
    public void SeedNodes_AreTheNamesThatThePodsGive()
    {
        var set = Set.One("StatefulSet");
        var host = Items(At(Set.Container, "env")).Single(variable => Text(variable, "name") == "CLUSTER_HOST");
        string space = Text(set, "metadata.namespace");
        var names = Enumerable.Range(0, int.Parse(Text(set, "spec.replicas")))
            .Select(n => Text(host, "value").Replace("$(POD_NAME)", $"{OwnName}-{n}", StringComparison.Ordinal).Replace("$(POD_NAMESPACE)", space, StringComparison.Ordinal));

        Assert.Equal(ClusterMode.StaticSeeds, Options().Cluster.Mode);
        Assert.Equal(names, Options().Cluster.SeedNodes.Select(seed => seed.Host));
        Assert.Equal($"{OwnName}-0.{Nodes}.{space}.svc.cluster.local", Options().Cluster.SeedNodes[0].Host);
    }

    [Fact]
    public void Nodes_AreKnownBeforeTheyAreReady()
    {
        var service = Named("Service", Nodes);

        Assert.Equal(Nodes, Text(Set.One("StatefulSet"), "spec.serviceName"));
        Assert.Equal("None", Text(service, "spec.clusterIP"));
        Assert.Equal("true", Text(service, "spec.publishNotReadyAddresses"));
        Assert.Equal("Parallel", Text(Set.One("StatefulSet"), "spec.podManagementPolicy"));
        Assert.Equal(Map(At(Set.One("StatefulSet"), "spec.selector.matchLabels")), Map(At(service, "spec.selector")));
    }

    [Fact]
    public void ClusterPort_IsForTheNodesOnly()
    {
        string port = Options().Cluster.Port.ToString();
        var rules = Items(At(Set.One("NetworkPolicy"), "spec.ingress")).Where(rule => Items(At(rule, "ports")).Any(p => Text(p, "port") == port)).ToList();
        var peer = Items(At(Assert.Single(rules), "from")).Single();

        Assert.Equal(Map(At(Set.One("StatefulSet"), "spec.selector.matchLabels")), Map(At(peer, "podSelector.matchLabels")));
        Assert.Equal(["podSelector"], ((YamlDotNet.RepresentationModel.YamlMappingNode)peer).Children.Keys.Select(key => key.ToString()));
        Assert.Contains(port, Items(At(Set.Container, "ports")).Select(p => Text(p, "containerPort")));
    }

    [Fact]
    public void Disruption_OneNodeAtATime()
    {
        var budget = Set.One("PodDisruptionBudget");

        Assert.Equal("1", Text(budget, "spec.maxUnavailable"));
        Assert.Equal(Map(At(Set.One("StatefulSet"), "spec.selector.matchLabels")), Map(At(budget, "spec.selector.matchLabels")));
    }

    [Fact]
    public void Journal_IsReachedByTheSecret()
    {
        var volume = Items(At(Set.Pod, "volumes")).Single(v => Text(v, "name") == "journal");
        var mount = Items(At(Set.Container, "volumeMounts")).Single(m => Text(m, "name") == "journal");
        var item = Items(At(volume, "secret.items")).Single();

        Assert.True(Options().Journal.IsPostgreSql);
        Assert.Equal($"{Text(mount, "mountPath")}/{Text(item, "path")}", Options().Journal.ConnectionStringFile);
        Assert.Equal(Postgres, Text(volume, "secret.secretName"));
        Assert.Equal(Postgres, Text(Named("Service", Postgres), "metadata.name"));
        Assert.Equal(Map(At(Named("StatefulSet", Postgres), "spec.template.metadata.labels")), Map(At(Named("NetworkPolicy", Postgres), "spec.podSelector.matchLabels")));
        Assert.Contains($"Host={Postgres};", File.ReadAllText(Path.Combine(Set.Folder, "..", "README.md")), StringComparison.Ordinal);
    }

    private YamlDotNet.RepresentationModel.YamlNode Named(string kind, string name) =>
        Set.All.Single(node => Text(node, "kind") == kind && Text(node, "metadata.name") == name);
}
