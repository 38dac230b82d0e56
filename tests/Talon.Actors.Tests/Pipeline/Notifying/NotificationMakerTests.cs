using System.Collections.Immutable;
using Talon.Actors.Pipeline.Notifying;
using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Pipeline.Notifying;

public sealed class NotificationMakerTests
{
    private static readonly TargetRef Pod = new("Pod", "shop", "cart-0", "uid-1");

    [Fact]
    public void Make_Success_TellsWhatWasDoneToWhat()
    {
        var made = Make(new ActionOutcome.Succeeded("the pod was terminated", SampleOutcomes.NoObjects.Add("pod", "cart-0")), started: true);

        Assert.Equal(("rule", "action 0", "kubernetes:fake"), (made.Rule, made.Action, made.Actionner));
        Assert.Equal(("success", null, "the pod was terminated"), (made.Status, made.FailureKind, made.Text));
        Assert.Equal(Pod, made.Target);
        Assert.Equal("cart-0", made.Objects["pod"]);
        Assert.Equal(("a shell", "Terminal shell in container", "Notice"), (made.Event, made.FalcoRule, made.Priority));
        Assert.EndsWith("-7", made.EventKey, StringComparison.Ordinal);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(2000), made.At);
        Assert.False(made.DryRun);
    }

    [Theory]
    [InlineData(FailureKind.Interrupted, "interrupted")]
    [InlineData(FailureKind.Expired, "expired")]
    [InlineData(FailureKind.Parked, "parked")]
    [InlineData(FailureKind.ConnectionLost, "connection_lost")]
    public void Make_FailureWithoutObjects_NamesItsKindAndThePodOfTheEvent(FailureKind kind, string word)
    {
        var made = Make(new ActionOutcome.Failed(kind, "it was not to be", SampleOutcomes.NoObjects));

        Assert.Equal(("failure", word), (made.Status, made.FailureKind));
        Assert.Equal(("shop", "cart-0"), (made.Objects["namespace"], made.Objects["pod"]));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Make_DryRun_OfTheRuleOrOfAll_IsSaid(bool rule, bool all) =>
        Assert.True(Make(new ActionOutcome.Ignored("dry run: would fake it", SampleOutcomes.NoObjects), dryRule: rule, dryRun: all).DryRun);

    [Fact]
    public void Make_TextsWithSecrets_AreRedactedEverywhere()
    {
        var made = Make(
            new ActionOutcome.Succeeded("ran with password=hunter2", SampleOutcomes.NoObjects.Add("file", "https://u:hunter2@h/x"))
            {
                Artifact = new ArtifactReport("local:file", true, "token=hunter2", SampleOutcomes.NoObjects.Add("key", "secret=hunter2")),
                Captured =
                [
                    new CapturedText("stdout", "API_KEY=hunter2", 15, "aa", Inline: true),
                    new CapturedText("stderr", "hunter2", 7, "bb", Inline: false),
                ],
            },
            output: "curl --password hunter2");

        Assert.DoesNotContain("hunter2", made.ToString() + string.Join(' ', made.Objects.Values) + made.Artifact + made.Artifact!.Objects["key"], StringComparison.Ordinal);
        Assert.Contains("API_KEY=[redacted]", made.Text, StringComparison.Ordinal);
        Assert.Contains("stderr: 7 bytes, sha256 bb", made.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "check")]
    [InlineData(true, "action")]
    public void Make_Failure_IsOneOfACheckWhenNothingWasStarted(bool started, string kind)
    {
        var made = Make(new ActionOutcome.Failed(FailureKind.Forbidden, "not allowed", SampleOutcomes.NoObjects), started);

        Assert.Equal(kind, made.Kind);
        Assert.Equal($"{made.EventKey}/0/{kind}", made.Id);
    }

    [Fact]
    public void Make_IgnoredWhenNothingWasStarted_IsOfTheAction() =>
        Assert.Equal("action", Make(new ActionOutcome.Ignored("nothing to do", SampleOutcomes.NoObjects)).Kind);

    [Theory]
    [InlineData(true, "success")]
    [InlineData(false, "failure")]
    public void Make_Artifact_HasARecordOfItsOwnBehindThatOfTheAction(bool stored, string status)
    {
        var all = MakeAll(
            new ActionOutcome.Succeeded("captured", SampleOutcomes.NoObjects.Add("pod", "cart-0"))
            {
                Artifact = new ArtifactReport("local:file", stored, "4 bytes", SampleOutcomes.NoObjects.Add("file", "/x")),
            },
            started: true);

        Assert.Equal(["action", "output"], all.Select(made => made.Kind));
        Assert.Equal([$"{all[0].EventKey}/0/action", $"{all[0].EventKey}/0/output"], all.Select(made => made.Id));
        Assert.Equal((status, "4 bytes", "local:file"), (all[1].Status, all[1].Text, all[1].Artifact!.Target));
        Assert.Equal(("file", "/x"), (Assert.Single(all[1].Objects).Key, all[1].Objects["file"]));
        Assert.Equal(("captured", "cart-0"), (all[0].Text, all[0].Objects["pod"]));
    }

    private static Talon.Actors.Plugins.Notification Make(
        ActionOutcome outcome, bool started = false, bool dryRule = false, bool dryRun = false, string output = "a shell") =>
        MakeAll(outcome, started, dryRule, dryRun, output)[0];

    private static ImmutableArray<Talon.Actors.Plugins.Notification> MakeAll(
        ActionOutcome outcome, bool started = false, bool dryRule = false, bool dryRun = false, string output = "a shell")
    {
        var falcoEvent = Sample.Event(output);
        var plan = Sample.Plan(Sample.Rule("rule", Sample.Action(0)) with { DryRun = dryRule });
        var state = EventState.From(7, new Facts.Accepted(DeliveryId.New(), EventId.Compute(falcoEvent), "trace", plan, falcoEvent, 1000));
        if (started)
        {
            state = state.Apply(new Facts.Started(7, 0, 1, 77, "node", "process", Pod, 30_000, 1500));
        }

        var fact = new Facts.Finished(7, 0, 1, outcome, 2000);
        return NotificationMaker.Make(state.Apply(fact), fact, dryRun);
    }
}
