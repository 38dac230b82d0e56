using Talon.Actors.Plugins;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Removal.Terminate;

/// <summary>Each way in which the API server or the network can fail, told apart; and how often the pod was then deleted.</summary>
public sealed class TerminateFaultTests
{
    private const string Name = "kubernetes:terminate";

    [Theory]
    [InlineData(400, FailureKind.Rejected)]
    [InlineData(401, FailureKind.Unauthorized)]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(409, FailureKind.Conflict)]
    [InlineData(410, FailureKind.Rejected)]
    [InlineData(422, FailureKind.Rejected)]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(500, FailureKind.ServerError)]
    [InlineData(503, FailureKind.ServerError)]
    [InlineData(504, FailureKind.ServerError)]
    public async Task Run_DeleteAnswered_IsAFailureOfItsKind(int status, FailureKind kind)
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        rig.Server.Faults.Add(FaultRule.Answer(status, status == 409 ? null : 1, "delete"));

        var outcome = await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0")));

        var failed = Assert.IsType<ActionOutcome.Failed>(outcome);
        Assert.Equal(kind, failed.Kind);
        Assert.Contains(status.ToString(), failed.Reason, StringComparison.Ordinal);
        Assert.Contains("shop/cart-0", failed.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(ActionnerRig.Token, failed.Reason, StringComparison.Ordinal);
        Assert.Equal("cart-0", failed.Objects["pod"]);
        Assert.Equal(0, rig.Server.Effects.CountFor(pod.Uid));
    }

    [Theory]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(500, FailureKind.ServerError)]
    [InlineData(429, FailureKind.Throttled)]
    public async Task Run_PodCannotBeRead_WritesNothing(int status, FailureKind kind)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");
        rig.Server.Faults.Add(FaultRule.Answer(status, 1, "get"));

        var outcome = await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0")));

        Assert.Equal(kind, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_404OfAProxy_DoesNotCountAsGone()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");
        rig.Server.Faults.Add(FaultRule.Answer(404, null, "get") with { TextBody = true });

        var outcome = await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0")));

        Assert.Equal(FailureKind.Rejected, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Run_RetryAfter_IsHandedOn(int status)
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");
        rig.Server.Faults.Add(FaultRule.Answer(status, 1, "delete") with { RetryAfterSeconds = 7 });

        var outcome = await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0")));

        Assert.Equal(TimeSpan.FromSeconds(7), Assert.IsType<ActionOutcome.Failed>(outcome).RetryAfter);
    }

    /// <summary>The attempt fails in a way that does not tell whether the pod was deleted; the next one, which knows the journalled
    /// target, ends in success, and the pod was deleted once.</summary>
    [Theory]
    [InlineData(FaultKind.ResetBeforeEffect, FailureKind.ConnectionLost, 0)]
    [InlineData(FaultKind.ResetAfterEffect, FailureKind.ConnectionLost, 1)]
    [InlineData(FaultKind.StallHeaders, FailureKind.Timeout, 1)]
    [InlineData(FaultKind.StallBody, FailureKind.Timeout, 1)]
    [InlineData(FaultKind.HtmlBody502, FailureKind.ServerError, 0)]
    [InlineData(FaultKind.EmptyBody200, FailureKind.ServerError, 0)]
    public async Task Run_UnclearEnd_IsToldApartAndTheNextAttemptMakesItOneEffect(FaultKind fault, FailureKind kind, int effects)
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        rig.Server.Faults.Add(FaultRule.Of(fault, 1, "delete"));
        using var deadline = new CancellationTokenSource();
        if (fault is FaultKind.StallHeaders or FaultKind.StallBody)
        {
            deadline.CancelAfter(TimeSpan.FromSeconds(1));
        }

        var outcome = await rig.RunAsync(
            ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0")), ActionnerRig.Scope(token: deadline.Token)).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(kind, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.Equal(effects, rig.Server.Effects.CountFor(pod.Uid));

        var again = await rig.RunAsync(ActionnerRig.Request(
            Name, ActionnerRig.EventFor("shop", "cart-0"), earlier: new TargetRef("Pod", "shop", "cart-0", pod.Uid)));

        Assert.IsType<ActionOutcome.Succeeded>(again);
        Assert.Equal(1, rig.Server.Effects.CountFor(pod.Uid));
    }

    [Fact]
    public async Task Run_ServerAway_IsUnreachableAndWorksAgainAfterwards()
    {
        await using var rig = await ActionnerRig.StartAsync();
        var pod = rig.Server.Store.AddPod("shop", "cart-0");
        await rig.Server.StopListeningAsync();

        var outcome = await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0")));

        Assert.Equal(FailureKind.Unreachable, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);

        await rig.Server.StartListeningAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0"))));
        Assert.Equal(1, rig.Server.Effects.CountFor(pod.Uid));
    }

    [Fact]
    public async Task Run_NodeNoLongerUp_DoesNotSendTheWrite()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");
        var request = ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0"));
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(request, ActionnerRig.Scope()));

        var outcome = await rig.Find(Name).RunAsync(request, ready, ActionnerRig.Scope(up: () => false));

        Assert.Equal(FailureKind.NotSent, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_DeadlinePassedOnTheMonotonicClock_DoesNotSendTheWrite()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");
        var request = ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0"));
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(Name).PrepareAsync(request, ActionnerRig.Scope()));

        var outcome = await rig.Find(Name).RunAsync(request, ready, ActionnerRig.Scope(timeout: TimeSpan.Zero));

        Assert.Equal(FailureKind.NotSent, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_ServerQuotesAWholeObject_TheReasonStaysOneShortLine()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");
        rig.Server.Faults.Add(FaultRule.Answer(500, 1, "delete") with { Message = "line one\nline two \u001b[31m" + new string('x', 20_000) });

        var outcome = await rig.RunAsync(ActionnerRig.Request(Name, ActionnerRig.EventFor("shop", "cart-0")));

        string reason = Assert.IsType<ActionOutcome.Failed>(outcome).Reason;
        Assert.InRange(reason.Length, 1, 500);
        Assert.DoesNotContain('\n', reason);
        Assert.DoesNotContain('\u001b', reason);
    }
}
