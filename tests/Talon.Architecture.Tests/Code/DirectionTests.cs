namespace Talon.Architecture.Tests.Code;

/// <summary>Rules &lt;- Cluster &lt;- Actors &lt;- Host, and what each may bring along.</summary>
public sealed class DirectionTests
{
    private static readonly string[] Clouds = ["AWSSDK", "Amazon", "Google.Cloud", "Google.Apis", "Minio", "MailKit", "MimeKit"];
    private static readonly string[] Kubernetes = ["KubernetesClient", "k8s"];

    [Fact]
    public void References_OfEachRoom_NameOnlyTheRoomsBefore()
    {
        for (int i = 0; i < Rooms.InOrder.Count; i++)
        {
            var before = Rooms.InOrder.Take(i).Select(room => room.GetName().Name!);
            Assert.All(Rooms.References(Rooms.InOrder[i], "Talon", "talon"), name => Assert.Contains(name, before));
        }
    }

    [Fact]
    public void References_OfRules_AreTheBaseLibraryAndYaml()
    {
        var names = Rooms.Rules.GetReferencedAssemblies().Select(name => name.Name!);

        Assert.All(names, name => Assert.True(name.StartsWith("System.", StringComparison.Ordinal) || name is "YamlDotNet", name));
    }

    [Fact]
    public void References_OfCluster_HaveNoKubernetesAndNoCloud() =>
        Assert.Empty(Rooms.References(Rooms.Cluster, [.. Kubernetes, .. Clouds]));

    [Fact]
    public void References_OfActors_HaveKubernetes() =>
        // Shows that the test above looks for a name that exists.
        Assert.NotEmpty(Rooms.References(Rooms.Actors, Kubernetes));
}
