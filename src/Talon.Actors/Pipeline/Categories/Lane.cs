namespace Talon.Actors.Pipeline.Categories;

/// <summary>
/// One lane of a category: how many run, and who waits. Targets take turns, so that a flood of alerts about one delays another by one
/// action at most; within a target it is first come first served. One target runs in half of the slots at most (with fewer than four slots
/// in all of them), or its slow actions would keep everybody else waiting. O(1) for each request.
/// </summary>
internal sealed class Lane(string name, int limit)
{
    private readonly int _limitOfOne = limit < 4 ? limit : limit / 2;
    private readonly Dictionary<string, Party> _parties = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _pending = new(StringComparer.Ordinal);

    // Those whose turn may come: they have a request that waits, and a slot left.
    private readonly LinkedList<Party> _turns = new();

    public string Name { get; } = name;

    /// <summary>How many wait in the lane.</summary>
    public int Waiting { get; private set; }

    /// <summary>How many wait for a slot, in the lane or for their object.</summary>
    public int Pending { get; private set; }

    public int Running { get; private set; }

    /// <summary>How many of them are about that target.</summary>
    public int PendingOf(string target) => _pending.GetValueOrDefault(target);

    /// <summary>A request wants a slot; it may have to wait for its object before it is enqueued.</summary>
    public void Expect(SlotRequest slotRequest)
    {
        Pending++;
        _pending[slotRequest.Target] = PendingOf(slotRequest.Target) + 1;
    }

    public void Enqueue(SlotRequest slotRequest)
    {
        if (!_parties.TryGetValue(slotRequest.Target, out var party))
        {
            party = _parties[slotRequest.Target] = new Party(slotRequest.Target);
        }

        slotRequest.Place = party.Waiting.AddLast(slotRequest);
        Waiting++;
        Settle(party);
    }

    /// <summary>The next request, which runs from now on; null when no slot is free or nobody may take one.</summary>
    public SlotRequest? Grant()
    {
        if (Running >= limit || _turns.First is not { } turn)
        {
            return null;
        }

        var party = turn.Value;
        var slotRequest = party.Waiting.First!.Value;
        party.Waiting.RemoveFirst();
        Waiting--;
        party.Running++;
        Running++;
        slotRequest.Place = null;
        slotRequest.Granted = true;
        WaitsNoLonger(slotRequest);
        _turns.Remove(turn);
        party.Turn = null;
        Settle(party);
        return slotRequest;
    }

    /// <summary>A request that was expected is over, wherever it stood.</summary>
    public void Leave(SlotRequest slotRequest)
    {
        if (!slotRequest.Granted)
        {
            WaitsNoLonger(slotRequest);
        }

        if (slotRequest.Granted)
        {
            var party = _parties[slotRequest.Target];
            party.Running--;
            Running--;
            Settle(party);
        }
        else if (slotRequest.Place is { } place)
        {
            var party = _parties[slotRequest.Target];
            party.Waiting.Remove(place);
            slotRequest.Place = null;
            Waiting--;
            Settle(party);
        }
    }

    private void WaitsNoLonger(SlotRequest slotRequest)
    {
        Pending--;
        int left = PendingOf(slotRequest.Target) - 1;
        if (left == 0)
        {
            _pending.Remove(slotRequest.Target);
        }
        else
        {
            _pending[slotRequest.Target] = left;
        }
    }

    private void Settle(Party party)
    {
        bool mayRun = party.Waiting.Count > 0 && party.Running < _limitOfOne;
        if (mayRun && party.Turn is null)
        {
            party.Turn = _turns.AddLast(party);
        }
        else if (!mayRun && party.Turn is { } turn)
        {
            _turns.Remove(turn);
            party.Turn = null;
        }

        if (party.Waiting.Count == 0 && party.Running == 0)
        {
            _parties.Remove(party.Target);
        }
    }

    private sealed class Party(string target)
    {
        public string Target { get; } = target;

        public LinkedList<SlotRequest> Waiting { get; } = new();

        public int Running { get; set; }

        /// <summary>Its place among those whose turn may come; null when it is not there.</summary>
        public LinkedListNode<Party>? Turn { get; set; }
    }
}
