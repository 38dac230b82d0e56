using Akka.Actor;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Events;
using Talon.Actors.Pipeline.State;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Pipeline;
using Talon.Cluster.Wire;
using Talon.KubeApi;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Removal.Drain;

/// <summary>A drain whose first attempt did a part of it, and the next one as the pipeline makes it of the journal.</summary>
public sealed class DrainAttemptsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_PodOfTheEventEvictedAndAnotherThrottled_TheNextAttemptGoesOnWithTheNode(bool cordon)
    {
        await using var rig = await DrainRig.StartAsync();
        rig.Server.Store.AddPod("shop", "left", DrainRig.Seed());
        rig.Server.Faults.Add(FaultRule.Answer(429, null, "create") with { Name = "^left$" });

        var next = await FailAsync(rig, DrainRig.Request(DrainRig.Flag("cordon", cordon)));
        rig.Server.Faults.Clear();
        await Eventually.TrueAsync(() => rig.Server.Store.FindPod("shop", "cart-0") is null);

        Assert.Equal("the node node1 was drained: 1 pod evicted (1 not waited for)", Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(next)).Output);
        Assert.EndsWith("/pods/left/eviction", rig.Evictions()[^1].Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CordonedAndThenThrottled_TheNextAttemptDoesNotSayThatNothingWasDone()
    {
        await using var rig = await DrainRig.StartAsync();

        var next = await FailAsync(rig, DrainRig.Request(), () => rig.Server.Faults.Add(FaultRule.Answer(429, null, "list")));
        rig.Server.Faults.Clear();
        rig.Server.Store.Remove("pods", "shop", "cart-0");

        Assert.Equal(
            "the node node1 was drained by an earlier attempt: there is no pod left to evict, and it is cordoned",
            Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(next)).Output);
    }

    // Runs the first attempt, which fails, journals it and gives the request of the next.
    private static async Task<ActionRequest> FailAsync(ActionnerRig rig, ActionRequest request, Action? afterPreparing = null)
    {
        var actionner = rig.Find(DrainRig.Name);
        var rule = Sample.Rule("rule", request.Action);
        var state = EventState.From(7, new Facts.Accepted(
            DeliveryId.New(), EventId.Compute(request.Event), new string('0', 32), Sample.Plan(rule), request.Event, request.AcceptedAt.ToUnixTimeMilliseconds()));
        request = ToRequest(1);
        var ready = Assert.IsType<Preparation.Ready>(await actionner.PrepareAsync(request, ActionnerRig.Scope()));
        state = state.Apply(new Facts.Started(7, 0, 1, 77, "node", "incarnation", ready.Target, 30_000, 0));
        afterPreparing?.Invoke();

        var outcome = await actionner.RunAsync(request, ready, ActionnerRig.Scope());

        var (delay, final) = RetryPolicy.Decide(outcome, 1, state.Actions[0], actionner.Descriptor, TimeSpan.FromMinutes(5), 0, 0);
        Assert.True(delay is not null, final.ToString());
        state = state.Apply(new Facts.RetryScheduled(
            7, 0, 1, Assert.IsType<ActionOutcome.Failed>(final).Kind, "it failed", (long)delay.Value.TotalMilliseconds, 0));
        return ToRequest(2);

        ActionRequest ToRequest(int attempt) =>
            new Attempt(new ActionKey(1, 7, 0, attempt, 77), new NextStep.RequestSlot(rule, request.Action, attempt, null), actionner, ActorRefs.Nobody).ToRequest(state);
    }
}
