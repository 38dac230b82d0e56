using Akka.Actor;
using Akka.Event;
using Talon.Actors.Pipeline.Events;
using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Buckets;

/// <summary>The children of a bucket: one <see cref="EventActor"/> for each unfinished event, made anew after a failure, a few times.</summary>
internal sealed class EventActorTable(PipelineContext context, int bucket)
{
    /// <summary>How often the actor of one event may fail before the event is set aside.</summary>
    public const int MaxFailures = 3;

    private readonly Dictionary<long, IActorRef> _actors = [];
    private readonly Dictionary<long, int> _failures = [];

    /// <summary>How the bucket supervises them: one that fails is stopped, and made anew by the bucket.</summary>
    public static SupervisorStrategy StopWhatFails(ILoggingAdapter log) => new OneForOneStrategy(e =>
    {
        log.Error(e, "the actor of an event failed");
        return Directive.Stop;
    });

    public void Employ(IActorContext parent, EventState state, bool recovered)
    {
        var actor = parent.ActorOf(
            EventActor.CreateProps(context, bucket, state, recovered), $"{state.Key}-{_failures.GetValueOrDefault(state.Sequence)}");
        _actors[state.Sequence] = actor;
        parent.WatchWith(actor, new EventGone(state.Sequence, actor));
    }

    /// <returns>How often the actor of that event has failed; 0 when this one was not in charge of it any more.</returns>
    public int Gone(EventGone gone)
    {
        if (!_actors.TryGetValue(gone.Sequence, out var current) || !current.Equals(gone.Actor))
        {
            return 0;
        }

        _actors.Remove(gone.Sequence);
        return _failures[gone.Sequence] = _failures.GetValueOrDefault(gone.Sequence) + 1;
    }

    public void Tell(object message)
    {
        foreach (var actor in _actors.Values)
        {
            actor.Tell(message);
        }
    }

    /// <summary>A fact is committed: a new event gets its actor, a complete one loses it, any other one is told.</summary>
    public void Changed(IActorContext parent, EventState state, IFact fact)
    {
        if (state.IsComplete)
        {
            Dismiss(parent, state);
        }
        else if (fact is Facts.Accepted)
        {
            Employ(parent, state, recovered: false);
        }
        else if (_actors.TryGetValue(state.Sequence, out var actor))
        {
            actor.Tell(new StateChanged(state, fact));
        }
    }

    private void Dismiss(IActorContext parent, EventState state)
    {
        _failures.Remove(state.Sequence);
        if (_actors.Remove(state.Sequence, out var actor))
        {
            parent.Stop(actor);
        }
    }

    /// <summary>
    /// Lets all of them go once they have dealt with what they were told: one that has just heard that its <c>Started</c> is
    /// committed still says so to its runner, which would otherwise never write while the journal says that it may have.
    /// </summary>
    public void LetGo()
    {
        foreach (var actor in _actors.Values)
        {
            actor.Tell(PoisonPill.Instance);
        }
    }

    /// <summary>Whether none is left.</summary>
    public bool IsEmpty => _actors.Count == 0;

    /// <summary>To the bucket: an actor of an event has ended.</summary>
    internal sealed record EventGone(long Sequence, IActorRef Actor) : Local;
}
