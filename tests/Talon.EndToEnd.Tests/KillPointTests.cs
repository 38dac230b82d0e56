using Talon.EndToEnd.Tests.Support;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.EndToEnd.Tests;

/// <summary>
/// Promise "no action runs twice in effect" with "an accepted event is never lost": the process ends at every enumerated point,
/// and after the restart each accepted event has its outcomes and its effects, once.
/// </summary>
public sealed class KillPointTests
{
    private const int Burst = 8;

    [Theory]
    [InlineData("before-commit:Accepted")]
    [InlineData("after-commit:Accepted#4")]
    [InlineData("before-commit:Started")]
    [InlineData("after-commit:Started#5")]
    [InlineData("before-commit:Finished")]
    [InlineData("after-commit:Finished#5")]
    [InlineData("before-call:GET#2")]
    [InlineData("after-call:GET#5")]
    [InlineData("before-call:PATCH")]
    [InlineData("after-call:PATCH#3")]
    [InlineData("before-call:DELETE")]
    [InlineData("after-call:DELETE#3")]
    public async Task NoActionRunsTwiceInEffect_ProcessDiesAtAPoint_EachAcceptedEventHasItsEffectsOnce(string point)
    {
        await using var rig = await TalonRig.CreateAsync(RuleFiles.LabelAndTerminate);
        await using var doomed = await rig.StartAsync(point);

        var (uids, accepted) = await BurstAsync(rig, doomed);
        Assert.Equal(TalonProcess.Killed, await doomed.ExitAsync());

        await using var second = await rig.StartAsync();
        await AssertOnceAsync(rig, second, uids, accepted);
    }

    [Theory]
    [InlineData("before-commit:RetryScheduled")]
    [InlineData("after-commit:RetryScheduled#3")]
    public async Task TransientTroubleIsRetried_ProcessDiesAroundTheRetry_EachAcceptedEventHasItsEffectsOnce(string point)
    {
        await using var rig = await TalonRig.CreateAsync(RuleFiles.LabelAndTerminate);
        rig.Api.Faults.Add(FaultRule.Of(FaultKind.ResetAfterEffect, times: 2, "delete"));
        rig.Api.Faults.Add(FaultRule.Answer(500, times: 2, "delete"));
        await using var doomed = await rig.StartAsync(point);

        var (uids, accepted) = await BurstAsync(rig, doomed);
        Assert.Equal(TalonProcess.Killed, await doomed.ExitAsync());

        await using var second = await rig.StartAsync();
        await AssertOnceAsync(rig, second, uids, accepted);
    }

    [Fact]
    public async Task AnActionThatWasRunningWhenItsNodeDied_DiesAgainAndAgainWhileItIsResumed_EachAcceptedEventHasItsEffectsOnce()
    {
        await using var rig = await TalonRig.CreateAsync(RuleFiles.LabelAndTerminate);
        rig.Api.Faults.Add(new FaultRule { Verbs = ["delete"], Kind = FaultKind.StallHeaders });
        await using var first = await rig.StartAsync();
        var (uids, accepted) = await BurstAsync(rig, first);
        Assert.Equal(Burst, accepted.Count);
        await Eventually.TrueAsync(
            () => rig.Api.Requests.All.Count(r => r.Verb == "delete") == Burst, () => $"not every delete is under way\n{first.Tail()}");
        await first.KillAsync();
        rig.Api.Faults.Clear();

        // Before its commit there is no trace of a resumption, so the second one meets what the first one met.
        foreach (string point in new[] { "before-commit:Resumed", "after-commit:Resumed#3" })
        {
            await using var doomed = rig.Launch(point);
            Assert.Equal(TalonProcess.Killed, await doomed.ExitAsync());
        }

        await using var last = await rig.StartAsync();
        await AssertOnceAsync(rig, last, uids, accepted);
    }

    private static async Task<(Dictionary<string, string> Uids, HashSet<string> Accepted)> BurstAsync(TalonRig rig, TalonProcess talon)
    {
        var uids = new Dictionary<string, string>(StringComparer.Ordinal);
        var posts = new Dictionary<string, Task<bool>>(StringComparer.Ordinal);
        for (int i = 0; i < Burst; i++)
        {
            string name = $"burst-{i}";
            var (uid, containerId) = rig.AddPod("shop", name);
            uids[name] = uid;
            posts[name] = rig.TryPostAsync(talon, FalcoBody.ForPod("shop", name, containerId));
        }

        await Task.WhenAll(posts.Values);
        var accepted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, post) in posts)
        {
            if (await post)
            {
                accepted.Add(name);
            }
        }

        return (uids, accepted);
    }

    private static async Task AssertOnceAsync(TalonRig rig, TalonProcess talon, Dictionary<string, string> uids, HashSet<string> accepted)
    {
        var journal = await rig.FinishAsync(talon);
        foreach (var (name, uid) in uids)
        {
            var events = journal.Of(name);
            if (events.Count == 0)
            {
                Assert.False(accepted.Contains(name), $"{name} was answered with 200 and is not in the journal");
                Assert.Equal(0, rig.Api.Effects.CountFor(uid));
                continue;
            }

            var journalled = Assert.Single(events);
            Assert.True(journalled.IsComplete, journalled.ToString());
            Assert.All(journalled.Finished, finished => Assert.True(finished.Outcome is ActionOutcome.Succeeded, journalled.ToString()));
            Assert.Equal(1, rig.Effects(uid, "patch"));
            Assert.Equal(1, rig.Effects(uid, "delete"));
            Assert.Equal(2, rig.Api.Effects.CountFor(uid));
        }
    }
}
