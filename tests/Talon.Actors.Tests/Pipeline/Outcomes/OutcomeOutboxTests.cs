using System.Diagnostics;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Talon.Actors.Pipeline.Outcomes;
using Talon.Cluster.Wire;
using Talon.Rules.Outcomes;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Tests.Pipeline.Outcomes;

public sealed class OutcomeOutboxTests : TestKit
{
    private static readonly ActionKey Key = new(3, 7, 0, 1, 77);

    private readonly TestProbe _region;
    private bool _regionIsThere = true;

    public OutcomeOutboxTests()
        : base("akka.test.single-expect-default = 20s") => _region = CreateTestProbe();

    [Fact]
    public void AskAttempt_NothingIsKept_IsUnknown()
    {
        var outbox = Outbox();

        outbox.Tell(new AskAttempt(Key), TestActor);

        Assert.Equal(new AttemptUnknown(Key, MayHaveRun: false), ExpectMsg<AttemptUnknown>());
    }

    [Fact]
    public void AskAttempt_OutcomeIsKept_IsNotUnknownBeforeItIsConfirmed()
    {
        var outbox = Outbox();
        outbox.Tell(new Report(Key, SampleOutcomes.Failure(FailureKind.Timeout)));
        _region.ExpectMsg<EventProtocol.ActionFinished>();

        outbox.Tell(new AskAttempt(Key), TestActor);
        outbox.Tell(new EventProtocol.OutcomeConfirmed(Key));
        outbox.Tell(new AskAttempt(Key with { Run = 78 }), TestActor);

        Assert.Equal(78, ExpectMsg<AttemptUnknown>().Key.Run);
    }

    [Fact]
    public void AskAttempt_KeeperHasLostWhatItKept_SaysThatItMayHaveRun()
    {
        var outbox = Outbox();
        _regionIsThere = false;
        outbox.Tell(new Report(Key, SampleOutcomes.Failure(FailureKind.Timeout)));

        outbox.Tell(new AskAttempt(Key), TestActor);

        Assert.Equal(new AttemptUnknown(Key, MayHaveRun: true), ExpectMsg<AttemptUnknown>());
    }

    private IActorRef Outbox() =>
        Sys.ActorOf(OutcomeOutbox.CreateProps(() => _regionIsThere ? _region.Ref : throw new UnreachableException("the test wants it to crash"), TimeProvider.System));
}
