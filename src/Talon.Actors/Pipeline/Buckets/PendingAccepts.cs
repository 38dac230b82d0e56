using Akka.Actor;
using Talon.Cluster.Wire;
using Talon.Rules.Events;

namespace Talon.Actors.Pipeline.Buckets;

/// <summary>The events whose <c>Accepted</c> is being written, with everybody who waits for the answer.</summary>
internal sealed class PendingAccepts
{
    private readonly Dictionary<DeliveryId, Entry> _byDelivery = [];
    private readonly Dictionary<EventId, Entry> _byEvent = [];

    /// <summary>Whether the same delivery or, with the duplicate window on, the same event is being written.</summary>
    public bool IsPending(EventProtocol.Ingest ingest, bool byEvent) =>
        _byDelivery.ContainsKey(ingest.DeliveryId) || (byEvent && _byEvent.ContainsKey(ingest.EventId));

    /// <summary>Waits for that write.</summary>
    public void Join(EventProtocol.Ingest ingest, IActorRef asker, bool byEvent)
    {
        if (_byDelivery.TryGetValue(ingest.DeliveryId, out var same))
        {
            same.SameDelivery.Add(asker);
        }
        else if (byEvent && _byEvent.TryGetValue(ingest.EventId, out same))
        {
            same.SameEvent.Add((ingest.DeliveryId, asker));
        }
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
