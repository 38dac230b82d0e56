using System.Net.Http.Headers;
using System.Text;
using Talon.Actors.Plugins;
using Talon.Cluster.Locks;
using Talon.KubeApi;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Actionners.Removal.Drain;

/// <summary>Short ways to set up a node with pods and to drain it, on a clock that runs fifty times as fast.</summary>
internal static class DrainRig
{
    public const string Name = "kubernetes:drain";

    public static async Task<ActionnerRig> StartAsync(int clockFactor = 50, IClusterLocks? clusterLocks = null)
    {
        var rig = await ActionnerRig.StartAsync(new KubeApiOptions { GraceTimeScale = 0.01 }, clock: new HurriedClock(clockFactor), clusterLocks: clusterLocks);
        rig.Server.Store.AddPod("shop", "cart-0", Seed());
        return rig;
    }

    public static PodSeed Seed(string app = "cart", OwnerSeed? owner = null) => new()
    {
        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = app },
        Owner = owner,
        NodeName = "node1",
    };

    public static ActionRequest Request(params (string Name, ParameterValue Value)[] parameters) => ActionnerRig.Request(
        Name, ActionnerRig.EventFor("shop", "cart-0"), parameters.Aggregate(ParameterMap.Empty, (map, entry) => map.With(entry.Name, entry.Value)));

    public static (string, ParameterValue) Wait(int seconds) => ("max_wait_period", new ParameterValue.Whole(seconds));

    public static (string, ParameterValue) Flag(string name, bool value = true) => (name, new ParameterValue.Flag(value));

    public static async Task AddBudgetAsync(this ActionnerRig rig, string app, string spec, string name = "budget")
    {
        using var client = new HttpClient { BaseAddress = rig.Server.BaseUri };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ActionnerRig.Token);
        using var body = new StringContent(
            $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{ {{{spec}}},"selector":{"matchLabels":{"app":"{{{app}}}"} } } }""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri("/apis/policy/v1/namespaces/shop/poddisruptionbudgets", UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
    }

    public static IReadOnlyList<RecordedRequest> Evictions(this ActionnerRig rig) =>
        [.. rig.Writes.Where(write => write.Path.EndsWith("/eviction", StringComparison.Ordinal))];
}
