using static Talon.Architecture.Tests.Deploy.Manifests;

namespace Talon.Architecture.Tests.Deploy;

/// <summary><c>deploy/k8s</c>: one node with SQLite.</summary>
public sealed class SingleNodeManifestTests : ManifestTests
{
    public SingleNodeManifestTests()
        : base(new Manifests())
    {
    }

    [Fact]
    public void Journal_IsTheVolumeOfTheOnlyReplica()
    {
        var mounts = Items(At(Set.Container, "volumeMounts")).ToDictionary(mount => Text(mount, "name"), mount => Text(mount, "mountPath"), StringComparer.Ordinal);

        Assert.Equal("1", Text(Set.One("StatefulSet"), "spec.replicas"));
        Assert.False(Options().Journal.IsPostgreSql);
        Assert.Equal(mounts["journal"], Options().Journal.Path);
        Assert.Equal(Text(Set.One("Service"), "metadata.name"), Text(Set.One("StatefulSet"), "spec.serviceName"));
    }
}
