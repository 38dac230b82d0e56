using System.Text;
using Talon.Actors.Catalog;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Tests.Actionners;
using Talon.KubeApi;
using Talon.Rules.Catalog;
using Talon.Rules.Events;

namespace Talon.Actors.Tests.Pipeline;

/// <summary><c>min_healthy_replicas</c> when several nodes act on the pods of one ReplicaSet at once.</summary>
[Trait("Speed", "Slow")]
public sealed class ReplicaMinimumTests
{
    private const int NodeCount = 3;

    [Fact]
    public async Task Terminate_TenAlertsOnThreeNodesAtOnce_ExactlyAsManyAsTheMinimumAllows()
    {
        await using var kubernetes = await ActionnerRig.StartAsync(extraHandlers: [() => new SlowAnswers()]);
        kubernetes.Server.Store.AddReplicaSet(
            "shop", "web", 10, new ReplicaSetSeed { Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "web" } });
        var pods = kubernetes.Server.Store.List("pods", "shop").ToList();
        await using var nodes = await StaticPipelines.StartAsync(
            NodeCount,
            new HurriedClock(5),
            clusterLocks => [.. PluginCatalog.Default.CreateActionners(kubernetes.Ports with { Locks = clusterLocks }).Where(one => one.Descriptor.Name.ToString() == "kubernetes:terminate")]);
        var plan = Sample.Plan(Sample.Rule("rule", Sample.Action(0, "kubernetes:terminate") with
        {
            Parameters = ParameterMap.Empty.With("min_healthy_replicas", new ParameterValue.Text("6")),
        }));

        var taken = await Task.WhenAll(pods.Select((pod, i) => nodes.AcceptAsync(i % NodeCount, AlertFor(pod.Name), plan)));
        Assert.All(taken, one => Assert.IsType<IntakeResult.Accepted>(one));
        await Eventually.TrueAsync(() => nodes.Final.Count >= 10, TimeSpan.FromSeconds(90));

        string all = string.Join('\n', nodes.Final.Select(line => $"{line.Status} {line.Result} {line.Error}"));
        Assert.True(nodes.Final.Count(line => line.Status == "success") == 4, all);
        Assert.True(nodes.Final.Count(line => line.Status == "ignored") == 6, all);
        Assert.Equal(4, kubernetes.Server.Effects.Count);
        Assert.Equal(6, kubernetes.Server.Store.List("pods", "shop").Count(pod => !pod.IsTerminating));
    }

    private static FalcoEvent AlertFor(string pod) => FalcoEventParser.Parse(Encoding.UTF8.GetBytes(
        $$$"""
        {"output":"a shell in {{{pod}}}","priority":"Notice","rule":"Terminal shell in container","source":"syscall","hostname":"node-1",
         "time":"{{{ActionnerRig.Later():yyyy-MM-dd'T'HH:mm:ss'Z'}}}","output_fields":{"k8s.ns.name":"shop","k8s.pod.name":"{{{pod}}}"}}
        """)).Event!;

    /// <summary>Every answer of the API server takes its time, so that all alerts are at the same point at once.</summary>
    private sealed class SlowAnswers : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(50, cancellationToken);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
