using Talon.Actors.Actionners.Policies;
using Talon.Actors.Clients.Kubernetes;

namespace Talon.Actors.Tests.Actionners.Policies;

public sealed class PolicyNamesTests
{
    private static readonly string[] Kinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod"];

    [Theory]
    [InlineData("Deployment", "cart", "talon-cart")]
    [InlineData("Deployment", "cart.v1", "talon-cart.v1")]
    [InlineData("StatefulSet", "cart", "talon-statefulset-cart")]
    [InlineData("DaemonSet", "cart", "talon-daemonset-cart")]
    [InlineData("ReplicaSet", "cart", "talon-replicaset-cart")]
    [InlineData("Job", "cart", "talon-job-cart")]
    [InlineData("CronJob", "cart", "talon-cronjob-cart")]
    [InlineData("Pod", "cart", "talon-pod-cart")]
    [InlineData("Deployment", "statefulset-cart", "talon-deployment-statefulset-cart")]
    [InlineData("Deployment", "deployment-cart", "talon-deployment-deployment-cart")]
    [InlineData("Deployment", "statefulset", "talon-statefulset")]
    [InlineData("StatefulSet", "pod-cart", "talon-statefulset-pod-cart")]
    public void For_KindAndName_AreInTheNameUnlessItIsAPlainDeployment(string kind, string name, string policy) =>
        Assert.Equal(policy, PolicyNames.For(ResourceTypes.NetworkPolicies, kind, name, dots: true).Own.Value);

    [Theory]
    [InlineData("Deployment")]
    [InlineData("StatefulSet")]
    [InlineData("Pod")]
    public void For_Former_IsTheNameThatTalonGaveBefore(string kind) =>
        Assert.Equal("talon-cart", PolicyNames.For(ResourceTypes.NetworkPolicies, kind, "cart", dots: true).Former.Value);

    [Theory]
    [InlineData("Deployment")]
    [InlineData("StatefulSet")]
    public void For_LongOnesAndDots_DoNotCollideAndFit(string kind)
    {
        string dotted = PolicyNames.For(ResourceTypes.CalicoNetworkPolicies, kind, "cart.v1", dots: false).Own.Value;
        Assert.DoesNotContain('.', dotted);
        Assert.NotEqual(dotted, PolicyNames.For(ResourceTypes.CalicoNetworkPolicies, kind, "cart-v1", dots: false).Own.Value);
        string one = new string('a', 250) + "1";
        string other = new string('a', 250) + "2";
        foreach (bool dots in new[] { true, false })
        {
            var names = PolicyNames.For(ResourceTypes.CalicoNetworkPolicies, kind, one, dots);
            Assert.NotEqual(names.Own, PolicyNames.For(ResourceTypes.CalicoNetworkPolicies, kind, other, dots).Own);
            Assert.NotEqual(names.Own, names.Reserve);
            foreach (var name in new[] { names.Own, names.Former, names.Reserve })
            {
                Assert.True(name.Value.Length + (dots ? 0 : "default.".Length) <= 253, $"{name.Value.Length}");
            }
        }
    }

    /// <summary>Names put together of the very words that names begin with: no two workloads share the name of a policy.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void For_AnyTwoWorkloads_HaveDifferentNamesThatStayTheSame(bool dots)
    {
        var random = new Random(8);
        string[] words = [.. Kinds.Select(kind => kind.ToLowerInvariant()), "talon", "a", "b", "1"];
        var owners = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        for (int i = 0; i < 20_000; i++)
        {
            string kind = Kinds[random.Next(Kinds.Length)];
            string name = string.Join(
                random.Next(4) == 0 ? '.' : '-', Enumerable.Range(0, random.Next(1, random.Next(20) == 0 ? 24 : 5)).Select(_ => words[random.Next(words.Length)]));
            var names = PolicyNames.For(ResourceTypes.CalicoNetworkPolicies, kind, name, dots);

            Assert.Equal(names, PolicyNames.For(ResourceTypes.CalicoNetworkPolicies, kind, name, dots));
            Assert.True(owners.TryAdd(names.Own.Value, (kind, name)) || owners[names.Own.Value] == (kind, name), $"{kind} {name}: {names.Own}");
        }
    }
}
