using Akka.Actor;
using Talon.Cluster.Protocol;
using Talon.Rules.Events;

namespace Talon.Actors.Pipeline.Events;

/// <summary>The events whose <c>Accepted</c> is being written, with everybody who waits for the answer.</summary>
internal sealed class AcceptingEvents
{
    private readonly Dictionary<DeliveryId, Entry> _byDelivery = [];
    private readonly Dictionary<EventId, Entry> _byEvent = [];

    /// <summary>Joins a write under way of the same delivery or, with the duplicate window on, of the same event.</summary>
    public bool Join(EventProtocol.Ingest ingest, IActorRef asker, bool byEvent)
    {
        if (_byDelivery.TryGetValue(ingest.DeliveryId, out var same))
        {
            same.SameDelivery.Add(asker);
            return true;
        }

        if (byEvent && _byEvent.TryGetValue(ingest.EventId, out same))
        {
            same.SameEvent.Add((ingest.DeliveryId, asker));
            return true;
        }

        return false;
    }

    public void Begin(EventProtocol.Ingest ingest, IActorRef asker)
    {
        var entry = new Entry(asker);
        _byDelivery[ingest.DeliveryId] = entry;
        _byEvent[ingest.EventId] = entry;
    }

    public Entry End(DeliveryId delivery, EventId eventId)
    {
        _byDelivery.Remove(delivery, out var entry);
        if (_byEvent.TryGetValue(eventId, out var newest) && ReferenceEquals(newest, entry))
        {
            _byEvent.Remove(eventId);
        }

        return entry!;
    }

    internal sealed class Entry(IActorRef asker)
    {
        public IActorRef Asker { get; } = asker;

        public List<IActorRef> SameDelivery { get; } = [];

        public List<(DeliveryId Delivery, IActorRef Asker)> SameEvent { get; } = [];
    }
}
