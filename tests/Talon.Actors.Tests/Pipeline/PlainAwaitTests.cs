using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit2;

namespace Talon.Actors.Tests.Pipeline;

/// <summary>
/// Why a plain await is right in work that an actor or a stream starts: its dispatcher runs it on the thread pool, and there is
/// no scheduler and no context that the await would come back to.
/// </summary>
public sealed class PlainAwaitTests : TestKit
{
    private static bool NothingToComeBackTo => TaskScheduler.Current == TaskScheduler.Default && SynchronizationContext.Current is null;

    [Fact]
    public void OnReceive_DefaultDispatcher_HasNothingToComeBackTo()
    {
        Sys.ActorOf(Props.Create(() => new Teller())).Tell("ask", TestActor);

        Assert.True(ExpectMsg<bool>(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task SelectAsync_DefaultDispatcher_HasNothingToComeBackTo()
    {
        using var materializer = Sys.Materializer();

        Assert.True(await Source.Single(0).SelectAsync(1, _ => Task.FromResult(NothingToComeBackTo)).RunWith(Sink.First<bool>(), materializer));
    }

    private sealed class Teller : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(NothingToComeBackTo);
    }
}
