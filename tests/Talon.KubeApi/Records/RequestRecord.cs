namespace Talon.KubeApi;

/// <summary>The last requests, each visible from the moment it has been read. Requests of the control path are not among them.</summary>
public sealed class RequestRecord
{
    /// <summary>How many requests are kept.</summary>
    public const int Capacity = 20_000;

    /// <summary>How much of a body is kept, in characters.</summary>
    public const int BodyLimit = 16_384;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, RecordedRequest> _requests = [];
    private long _numbers;
    private long _dropped;

    /// <summary>Number of requests since the start or the last <see cref="Clear"/>, kept or not.</summary>
    public long Count
    {
        get
        {
            lock (_gate)
                return _requests.Count + _dropped;
        }
    }

    /// <summary>The kept requests, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> All
    {
        get
        {
            lock (_gate)
                return [.. _requests.Values];
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _requests.Clear();
            _dropped = 0;
        }
    }

    internal long NextNumber() => Interlocked.Increment(ref _numbers);

    internal void Put(RecordedRequest request)
    {
        lock (_gate)
        {
            _requests[request.Number] = request;
            if (_requests.Count > Capacity)
            {
                _requests.Remove(_requests.Keys.First());
                _dropped++;
            }
        }
    }
}
