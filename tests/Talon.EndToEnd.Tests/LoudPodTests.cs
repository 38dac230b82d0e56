using System.Net;
using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.EndToEnd.Tests;

/// <summary>One pod that raises alert after alert, and another one of the same bucket.</summary>
public sealed class LoudPodTests
{
    private const int Tenth = 500;
    private const int Surplus = 20;

    private int _number;

    [Fact]
    public async Task ALoudPodShutsOutNobody_TheOtherActsAndTheSurplusIsRefusedUntilThereIsRoom()
    {
        await using var rig = await TalonRig.CreateAsync();
        var (loud, _) = rig.AddPod("shop", "loud");
        var (quiet, _) = rig.AddPod("shop", "quiet");
        var gate = new TaskCompletionSource();
        rig.Api.Faults.Add(new FaultRule { Name = "^loud$", Until = gate.Task });
        await using var talon = await rig.StartAsync();

        foreach (var bodies in Enumerable.Range(0, Tenth).Select(_ => Alert("loud")).Chunk(50))
        {
            await Task.WhenAll(bodies.Select(body => rig.PostAsync(talon, body)));
        }

        for (int i = 0; i < Surplus; i++)
        {
            var (status, text, response) = await rig.SendAsync(talon, Alert("loud"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Equal("too many events about the same pod, container, object or host (one may hold a tenth of the intake) are unfinished\n", text);
            Assert.NotNull(response.Headers.RetryAfter);
        }

        Assert.Matches($"(?m)^talon_ingress_refused_total\\{{[^}}]*cause=\"target_full\"[^}}]*\\}} {Surplus}( |$)", await rig.MetricsAsync(talon));

        await rig.PostAsync(talon, Alert("quiet"));
        await Eventually.TrueAsync(() => rig.Effects(quiet, "delete") == 1, talon.Tail);
        Assert.Equal(0, rig.Effects(loud, "delete"));

        gate.SetResult();
        await rig.FinishedAsync(talon);
        await rig.PostAsync(talon, Alert("loud"));
        var journal = await rig.FinishAsync(talon);

        Assert.Equal(Tenth + 2, journal.Events.Count);
        Assert.All(journal.Events, e => Assert.IsNotType<ActionOutcome.Failed>(e.Outcome));
        Assert.Equal((1, 1), (rig.Effects(loud, "delete"), rig.Effects(quiet, "delete")));
    }

    /// <summary>A new alert about a pod, all of one bucket.</summary>
    private string Alert(string pod)
    {
        string body;
        do
        {
            body = FalcoBody.ForPod("shop", pod, output: $"alert {++_number} about {pod}");
        }
        while (FalcoBody.BucketOf(body) != 3);
        return body;
    }
}
