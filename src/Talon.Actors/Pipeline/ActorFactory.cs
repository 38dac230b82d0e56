using Akka.Actor;

namespace Talon.Actors.Pipeline;

/// <summary>
/// Makes an actor by calling a delegate. The usual <c>Props.Create(() =&gt; new …)</c> compiles an expression for every argument at
/// every call: fine for actors that are made once, half a millisecond for those that are made per event.
/// </summary>
internal sealed class ActorFactory<TActor>(Func<TActor> make) : IIndirectActorProducer
    where TActor : ActorBase
{
    public Type ActorType => typeof(TActor);

    public static Props CreateProps(Func<TActor> make) => Props.CreateBy(new ActorFactory<TActor>(make));

    public ActorBase Produce() => make();

    public void Release(ActorBase actor)
    {
        // Nothing is pooled.
    }
}
