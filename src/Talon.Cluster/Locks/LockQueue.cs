using Talon.Cluster.Wire;

namespace Talon.Cluster.Locks;

/// <summary>
/// What one lock knows and decides: who holds the grant, who waits, and who gets which message. No actors and no clock: times are
/// monotonic and come from outside. After each change <see cref="Settle"/> gives the answers that are due.
/// </summary>
/// <param name="owner">How the lock is reached, for its holders.</param>
/// <typeparam name="TAsker">Where an answer goes.</typeparam>
internal sealed class LockQueue<TAsker>(string owner)
{
    private readonly List<Waiter> _waiters = [];
    private readonly List<(TAsker Asker, LockProtocol.Reply Reply)> _answers = [];
    private Guid? _holder;
    private TimeSpan _holdsUntil;

    /// <summary>Whether nobody holds the grant.</summary>
    public bool IsFree => _holder is null;

    /// <summary>Whether there is nothing to remember.</summary>
    public bool IsIdle => _holder is null && _waiters.Count == 0;

    /// <summary>Whether the lock is stopping and grants nothing more.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>Takes in a request, or the repeat of one.</summary>
    public void Ask(Guid id, TAsker asker, TimeSpan now)
    {
        if (_holder == id && now < _holdsUntil)
        {
            _answers.Add((asker, Grant(now)));
        }
        else if (IsLeaving)
        {
            _answers.Add((asker, LockProtocol.Reply.Moving.Instance));
        }
        else if (_waiters.Find(waiter => waiter.Id == id) is { } known)
        {
            known.Hear(asker, now);
        }
        else if (_waiters.Count >= LockTimes.MaxWaiting)
        {
            _answers.Add((asker, LockProtocol.Reply.Full.Instance));
        }
        else
        {
            _waiters.Add(new Waiter(id, asker, now));
        }
    }

    /// <summary>Takes the grant or the request back.</summary>
    public void Release(Guid id)
    {
        if (_holder == id)
        {
            _holder = null;
        }
        else
        {
            _waiters.RemoveAll(waiter => waiter.Id == id);
        }
    }

    /// <summary>Grants nothing from now on; those waiting are asked to retry.</summary>
    public void Leave() => IsLeaving = true;

    /// <summary>Lets pass what has run out, grants what can be granted, and gives the answers that are due.</summary>
    /// <param name="mayGrant">Whether anything may be granted now.</param>
    public IReadOnlyList<(TAsker Asker, LockProtocol.Reply Reply)> Settle(TimeSpan now, bool mayGrant)
    {
        if (_holder is not null && now >= _holdsUntil)
        {
            _holder = null;
        }

        if (IsLeaving)
        {
            _answers.AddRange(_waiters.Where(waiter => waiter.Asks).Select(waiter => (waiter.Asker, (LockProtocol.Reply)LockProtocol.Reply.Moving.Instance)));
            _waiters.Clear();
            return Taken();
        }

        _waiters.RemoveAll(waiter => !waiter.Asks && now >= waiter.Due);

        // The first one keeps its turn between two of its requests: an answer could not be brought to it now.
        if (_holder is null && mayGrant && _waiters is [{ Asks: true } first, ..])
        {
            _waiters.RemoveAt(0);
            _holder = first.Id;
            _holdsUntil = now + LockTimes.Grant;
            _answers.Add((first.Asker, Grant(now)));
        }

        for (int i = 0; i < _waiters.Count; i++)
        {
            if (_waiters[i] is { Asks: true } waiter && now >= waiter.Due)
            {
                waiter.Answered(now);
                _answers.Add((waiter.Asker, new LockProtocol.Reply.Queued(i + (_holder is null ? 0 : 1))));
            }
        }

        return Taken();
    }

    /// <summary>When <see cref="Settle"/> has something to do again; null for never.</summary>
    public TimeSpan? Due()
    {
        TimeSpan? due = _holder is null ? null : _holdsUntil;
        foreach (var waiter in _waiters)
        {
            due = due < waiter.Due ? due : waiter.Due;
        }

        return due;
    }

    private LockProtocol.Reply.Granted Grant(TimeSpan now) => new((long)(_holdsUntil - now).TotalMilliseconds, owner);

    private List<(TAsker Asker, LockProtocol.Reply Reply)> Taken()
    {
        var answers = _answers.ToList();
        _answers.Clear();
        return answers;
    }

    private sealed class Waiter(Guid id, TAsker asker, TimeSpan now)
    {
        public Guid Id { get; } = id;

        public TAsker Asker { get; private set; } = asker;

        /// <summary>Whether it waits for an answer now.</summary>
        public bool Asks { get; private set; } = true;

        /// <summary>When its answer is due, or, between two requests, when its place is lost.</summary>
        public TimeSpan Due { get; private set; } = now + LockTimes.Poll;

        public void Hear(TAsker asker, TimeSpan now)
        {
            Asker = asker;
            Asks = true;
            Due = now + LockTimes.Poll;
        }

        public void Answered(TimeSpan now)
        {
            Asks = false;
            Due = now + LockTimes.Silence;
        }
    }
}
