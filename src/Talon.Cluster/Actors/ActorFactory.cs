using Akka.Actor;

namespace Talon.Cluster.Actors;

/// <summary>
/// Makes every actor of Talon, by calling a delegate. The usual <c>Props.Create(() =&gt; new …)</c> compiles an expression for every
/// argument at every call: half a millisecond, too much for the actors of an event.
/// </summary>
public static class ActorFactory
{
    /// <param name="make">Makes the actor, and makes it anew at each restart.</param>
    public static Props CreateProps<TActor>(Func<TActor> make)
        where TActor : ActorBase => Props.CreateBy(new Producer<TActor>(make));

    private sealed class Producer<TActor>(Func<TActor> make) : IIndirectActorProducer
        where TActor : ActorBase
    {
        public Type ActorType => typeof(TActor);

        public ActorBase Produce() => make();

        public void Release(ActorBase actor)
        {
            // Nothing is pooled.
        }
    }
}
