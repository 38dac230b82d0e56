using System.Diagnostics.CodeAnalysis;
using Talon.Cluster.Protocol;

namespace Talon.Actors.Pipeline.Events;

/// <summary>The events of a bucket that are not finished, by the sequence number of their <c>Accepted</c>, and how many bytes they hold.</summary>
internal sealed class UnfinishedEvents
{
    private readonly Dictionary<long, EventState> _events = [];

    public int Count => _events.Count;

    /// <summary>The bytes of their bodies, and of those that are being accepted.</summary>
    public long Bytes { get; private set; }

    public IReadOnlyCollection<EventState> All => _events.Values;

    public bool TryGet(long sequence, [NotNullWhen(true)] out EventState? state) => _events.TryGetValue(sequence, out state);

    /// <summary>Whether there is no room for one more of that size, beside those that are being accepted.</summary>
    public bool IsFull(PipelineOptions options, int accepting, int bytes) =>
        Count + accepting >= options.MaxUnfinishedEvents || Bytes + bytes > options.MaxUnfinishedBytes;

    /// <summary>One more is being accepted: its bytes count from now on.</summary>
    public void Reserve(int bytes) => Bytes += bytes;

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

    /// <summary>Everything is recovered: from now on the bytes are counted.</summary>
    public void Recovered() => Bytes = _events.Values.Sum(state => (long)state.Accepted.Event.Raw.Length);

    public void Complete(EventState state)
    {
        _events.Remove(state.Sequence);
        Bytes -= state.Accepted.Event.Raw.Length;
    }
}
