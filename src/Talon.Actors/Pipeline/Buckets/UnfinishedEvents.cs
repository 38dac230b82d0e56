using System.Diagnostics.CodeAnalysis;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Pipeline.State;
using Talon.Cluster.Wire;
using Talon.Rules.Events;

namespace Talon.Actors.Pipeline.Buckets;

/// <summary>
/// The events of a bucket that are not finished, by the sequence number of their <c>Accepted</c>, and who of all targets holds how much
/// of the bucket's room: those that are finished no longer count, those that are being accepted do already.
/// </summary>
internal sealed class UnfinishedEvents(PipelineOptions options)
{
    private readonly Dictionary<long, EventState> _events = [];
    private readonly TargetShares _shares = TargetShares.OfBucket(options);

    public int Count => _events.Count;

    public IReadOnlyCollection<EventState> All => _events.Values;

    public bool TryGet(long sequence, [NotNullWhen(true)] out EventState? state) => _events.TryGetValue(sequence, out state);

    /// <summary>Why one more event is refused, a constant of <see cref="RefusalCause"/>; null when there is room for it.</summary>
    public string? Refusal(FalcoEvent falcoEvent) => _shares.Refusal(EventTarget.Of(falcoEvent), falcoEvent.Raw.Length);

    /// <summary>
    /// One more is being accepted: it counts from now on. A write that fails ends the bucket, and the next one counts what it recovers.
    /// </summary>
    public void Reserve(FalcoEvent falcoEvent) => _shares.Take(EventTarget.Of(falcoEvent), falcoEvent.Raw.Length);

    /// <summary>Takes in what a fact changes. While recovering what is complete is forgotten at once.</summary>
    /// <returns>The event after the fact; null when the fact is about none of these.</returns>
    public EventState? Apply(long sequence, IFact fact, bool recovering)
    {
        if (fact is Facts.Accepted accepted)
        {
            return _events[sequence] = EventState.From(sequence, accepted);
        }

        if (fact is not Facts.AboutEvent about || !_events.TryGetValue(about.Event, out var state))
        {
            return null;
        }

        state = state.Apply(about);
        _events[about.Event] = state;
        if (state.IsComplete && recovering)
        {
            _events.Remove(about.Event);
        }

        return state;
    }

    public void Restore(BucketSnapshot snapshot)
    {
        foreach (var pending in snapshot.Unfinished)
        {
            _events[pending.Sequence] = pending.Facts.Skip(1).Aggregate(
                EventState.From(pending.Sequence, (Facts.Accepted)pending.Facts[0]), (state, fact) => state.Apply((Facts.AboutEvent)fact));
        }
    }

    /// <summary>Everything is recovered and counts from now on, also what is more than a target may hold.</summary>
    public void Recovered()
    {
        foreach (var state in _events.Values)
        {
            Reserve(state.Accepted.Event);
        }
    }

    public void Complete(EventState state)
    {
        if (_events.Remove(state.Sequence))
        {
            var falcoEvent = state.Accepted.Event;
            _shares.Return(EventTarget.Of(falcoEvent), falcoEvent.Raw.Length);
        }
    }
}
