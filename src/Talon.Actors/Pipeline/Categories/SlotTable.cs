using Akka.Actor;
using Talon.Cluster.Wire;

namespace Talon.Actors.Pipeline.Categories;

/// <summary>
/// Who may run: two lanes with a limit each, and one action at a time per object. A request whose object is taken waits outside
/// the lanes, so that it holds up nobody else. What waits is bounded by the events that the intake takes. Nothing is ever searched.
/// Plain data without actors.
/// </summary>
internal sealed class SlotTable(int shortLane, int longLane, int crowd)
{
    /// <summary>How many wait for one object before it counts as crowded.</summary>
    public const int CrowdAtObject = 100;

    /// <summary>How many wait in a lane for one target before it counts as crowded: one in this many of the crowd of a lane.</summary>
    public const int PartOfOneTarget = 10;

    private readonly Dictionary<ActionKey, SlotRequest> _requests = [];
    private readonly Dictionary<string, LinkedList<SlotRequest>> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<IActorRef, HashSet<SlotRequest>> _requesters = [];

    public Lane Short { get; } = new("short", shortLane);

    public Lane Long { get; } = new("long", longLane);

    public int Running => Short.Running + Long.Running;

    /// <summary>How many wait, in the lanes or for their object.</summary>
    public int Queued => _requests.Count - Running;

    public SlotRequest? Find(ActionKey key) => _requests.GetValueOrDefault(key);

    /// <summary>The waiting requests, for those who must be told that nothing moves.</summary>
    public IEnumerable<SlotRequest> Waiting => _requests.Values.Where(slotRequest => !slotRequest.Granted);

    /// <summary>Whether so many wait before one more request that its event should go on with its other rules.</summary>
    public bool IsCrowded(Lane lane, string? exclusionKey, string target) =>
        lane.Pending >= crowd
        || lane.PendingOf(target) >= Math.Max(1, crowd / PartOfOneTarget)
        || (exclusionKey is not null && _objects.TryGetValue(exclusionKey, out var line) && line.Count > CrowdAtObject);

    /// <summary>Adds a request. True when its requester was not known before.</summary>
    public bool Add(SlotRequest slotRequest)
    {
        _requests.Add(slotRequest.Key, slotRequest);
        slotRequest.Lane.Expect(slotRequest);
        bool isNew = !_requesters.TryGetValue(slotRequest.Requester, out var ofRequester);
        (ofRequester ??= _requesters[slotRequest.Requester] = []).Add(slotRequest);
        if (slotRequest.ExclusionKey is not { } name)
        {
            slotRequest.Lane.Enqueue(slotRequest);
        }
        else if (_objects.TryGetValue(name, out var line))
        {
            slotRequest.PlaceAtObject = line.AddLast(slotRequest);
        }
        else
        {
            line = new LinkedList<SlotRequest>();
            slotRequest.PlaceAtObject = line.AddLast(slotRequest);
            _objects[name] = line;
            slotRequest.Lane.Enqueue(slotRequest);
        }

        return isNew;
    }

    /// <summary>The next request whose turn it is; null when a limit is reached or nobody waits.</summary>
    public SlotRequest? Grant() => Short.Grant() ?? Long.Grant();

    /// <summary>Takes a request out, whatever has become of it. True when its requester has no other left.</summary>
    public bool Remove(SlotRequest slotRequest)
    {
        if (!_requests.Remove(slotRequest.Key))
        {
            return false;
        }

        slotRequest.Lane.Leave(slotRequest);
        LeaveObject(slotRequest);
        var ofRequester = _requesters[slotRequest.Requester];
        ofRequester.Remove(slotRequest);
        return ofRequester.Count == 0 && _requesters.Remove(slotRequest.Requester);
    }

    /// <summary>The requests of a requester.</summary>
    public IReadOnlyList<SlotRequest> Of(IActorRef requester) => _requesters.TryGetValue(requester, out var requests) ? [.. requests] : [];

    private void LeaveObject(SlotRequest slotRequest)
    {
        if (slotRequest.ExclusionKey is not { } name || !_objects.TryGetValue(name, out var line))
        {
            return;
        }

        bool held = ReferenceEquals(line.First?.Value, slotRequest);
        line.Remove(slotRequest.PlaceAtObject!);
        if (line.First is null)
        {
            _objects.Remove(name);
        }
        else if (held)
        {
            line.First.Value.Lane.Enqueue(line.First.Value);
        }
    }
}
