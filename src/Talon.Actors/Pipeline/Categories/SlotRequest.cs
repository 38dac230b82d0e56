using Akka.Actor;
using Talon.Cluster.Wire;
using Talon.Rules.Catalog;

namespace Talon.Actors.Pipeline.Categories;

/// <summary>One request for a slot and what has become of it.</summary>
internal sealed class SlotRequest(ActionKey key, ActionnerName actionner, Lane lane, string? exclusionKey, string target, IActorRef requester)
{
    public ActionKey Key { get; } = key;

    public ActionnerName Actionner { get; } = actionner;

    public Lane Lane { get; } = lane;

    public string? ExclusionKey { get; } = exclusionKey;

    /// <summary>What its event is about; see <see cref="Talon.Rules.Events.EventTarget"/>.</summary>
    public string Target { get; } = target;

    public IActorRef Requester { get; } = requester;

    public bool Granted { get; set; }

    public IActorRef? Runner { get; set; }

    /// <summary>Its place among those who want the same object; null when it excludes nobody.</summary>
    public LinkedListNode<SlotRequest>? PlaceAtObject { get; set; }

    /// <summary>Its place in the lane's queue; null when it is not in the queue.</summary>
    public LinkedListNode<SlotRequest>? Place { get; set; }
}
