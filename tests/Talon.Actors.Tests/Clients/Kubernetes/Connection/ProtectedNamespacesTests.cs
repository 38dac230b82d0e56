using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Tests.Clients.Kubernetes.Connection;

public sealed class ProtectedNamespacesTests
{
    [Theory]
    [InlineData("pod-ns", "other", "file-ns", "pod-ns")]
    [InlineData(null, "ns", "file-ns", "ns")]
    [InlineData("", "", "file-ns\n", "file-ns")]
    [InlineData(null, null, null, null)]
    public void Create_OwnNamespace_ComesFromTheFirstSourceThatSaysIt(string? podNamespace, string? variable, string? file, string? own)
    {
        var environment = new KubeEnvironment(
            name => name switch { "POD_NAMESPACE" => podNamespace, "NAMESPACE" => variable, _ => null },
            path => path == "/var/run/secrets/kubernetes.io/serviceaccount/namespace" ? file : null);

        var set = ProtectedNamespaces.Create(["kube-system"], environment);

        Assert.Equal(own, set.Own);
        Assert.True(set.Contains(Name("kube-system")));
        Assert.False(set.Contains(Name("shop")));
        Assert.All(
            new[] { podNamespace, variable, file?.Trim() }.Where(said => !string.IsNullOrEmpty(said)),
            said => Assert.True(set.Contains(Name(said!)), $"{said} is not protected"));
        if (own is not null)
        {
            Assert.True(set.Contains(Name(own)));
            Assert.Contains("Talon's own", set.Reason(Name(own)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Defaults_AreTheClustersOwnNamespaces() =>
        Assert.Equal<IEnumerable<string>>(["kube-system", "kube-public", "kube-node-lease"], new KubernetesOptions().ProtectedNamespaces);

    private static NamespaceName Name(string text) => NamespaceName.TryCreate(text, out var name) ? name : throw new ArgumentException(text);
}
