using Akka.Actor;
using Akka.Persistence;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Tests.Support;

/// <summary>Persists facts whose event number is the number it is told; answers when committed.</summary>
internal sealed class FactWriter(string id) : UntypedPersistentActor
{
    private readonly List<long> _values = [];

    public override string PersistenceId => id;

    protected override void OnRecover(object message)
    {
        if (message is Facts.Resumed fact)
        {
            _values.Add(fact.Event);
        }
    }

    protected override void OnCommand(object message)
    {
        var asker = Sender;
        switch (message)
        {
            case long value:
                Persist(new Facts.Resumed(value, "test", 0), fact =>
                {
                    _values.Add(fact.Event);
                    asker.Tell(fact.Event);
                });
                break;
            case "read":
                asker.Tell(_values);
                break;
            case Unregistered unregistered:
                Persist(unregistered, _ => asker.Tell(0L));
                break;
        }
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Context.Stop(Self);

    public sealed class Unregistered;
}
