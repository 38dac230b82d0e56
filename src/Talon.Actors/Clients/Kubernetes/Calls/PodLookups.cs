using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>
/// Which container ids to search for, in which order, and what past searches found. A list of pods costs the API server a lot and event
/// fields come from an attacker: one list answers all ids that wait for it, new ids go before those that were searched for already, and
/// hits and misses are kept. Plain data; not safe for parallel use.
/// </summary>
internal sealed class PodLookups(TimeProvider clock)
{
    /// <summary>How many ids may wait.</summary>
    public const int MaxWaiting = 500;

    /// <summary>The least time between the beginnings of two rounds.</summary>
    public static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a pod that was found is kept.</summary>
    public static readonly TimeSpan FoundFor = TimeSpan.FromSeconds(5);

    /// <summary>How long it is kept that no pod was found.</summary>
    public static readonly TimeSpan UnknownFor = TimeSpan.FromSeconds(60);

    /// <summary>How long the failure of a round is kept for each that waited for it: they ask every two seconds or so.</summary>
    public static readonly TimeSpan FailureFor = TimeSpan.FromSeconds(5);

    private const int MaxKept = 5_000;

    // Ids of more nodes than this wait: one list of all pods is cheaper than one for each node, and nobody is the last of many.
    private const int MaxNodes = 2;

    // Another search for an id that was not found is worth it only once the kubelets may have reported more.
    private static readonly TimeSpan BetweenRepeats = TimeSpan.FromSeconds(1);

    // Whoever waits asks every two seconds or so; who has not asked for this long has given up.
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(30);

    // An id that two searches this far apart did not find belongs to no pod, as its kubelet would have reported it: the events accepted
    // by then are told so, and for those accepted later one more search is enough.
    private static readonly TimeSpan ReportedWithin = TimeSpan.FromSeconds(8);

    private readonly Dictionary<string, Wanted> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private bool _reading;
    private long? _lastBegan;
    private long _lastSwept = clock.GetTimestamp();

    /// <summary>How a question is answered: a closed set.</summary>
    internal abstract record Answer
    {
        private Answer()
        {
        }

        /// <summary>It is answered.</summary>
        public sealed record Known(KubeResult<PodReference> Result) : Answer;

        /// <summary>The asker reads the lists of this round, tells <see cref="End"/>, and asks again.</summary>
        public sealed record Begin(Round Round) : Answer;

        /// <summary>The asker comes again in a moment.</summary>
        public sealed record Wait(string Reason) : Answer;
    }

    /// <summary>
    /// One round: the pods of a node, then, where that leaves an id open, all pods. Whatever is read is searched for all ids that wait.
    /// </summary>
    /// <param name="Node">The node; null when only the list of all pods is read.</param>
    /// <param name="OfNode">The ids that probably run there.</param>
    /// <param name="IsRepeat">Whether all of them were searched for before: then the list of a node that has pods is final, without the list of all pods.</param>
    /// <param name="Began">When it began, a time stamp of the clock.</param>
    internal sealed record Round(KubeName? Node, IReadOnlyList<ContainerId> OfNode, IReadOnlyList<ContainerId> Ids, bool IsRepeat, long Began);

    /// <summary>What a round has come to.</summary>
    /// <param name="Found">The pods by the id that is, or begins, one of their containers'; several where it does so in several.</param>
    /// <param name="Error">Why the lists were not read to their end; null when they were.</param>
    internal sealed record Harvest(IReadOnlyDictionary<string, IReadOnlyList<PodReference>> Found, bool AllRead, KubeError? Error);

    /// <summary>How many ids wait.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Asks for the pod that has the container.</summary>
    /// <param name="node">The node it probably runs on; null when unknown.</param>
    /// <param name="age">How long ago the event that asks was accepted.</param>
    public Answer Ask(ContainerId id, KubeName? node, TimeSpan age)
    {
        Sweep();
        bool mayCome = age < PodIdentity.Patience;
        var kept = _kept.TryGetValue(id.Value, out var found) && clock.GetElapsedTime(found.At) < found.For ? found : null;
        if (kept?.Result is { } result)
        {
            if (kept.Once)
            {
                _kept.Remove(id.Value);
            }

            return new Answer.Known(result);
        }

        if (kept is not null && clock.GetElapsedTime(kept.Began) <= age
            && (!mayCome || clock.GetElapsedTime(kept.FirstMiss, kept.At) >= ReportedWithin))
        {
            _waiting.Remove(id.Value);
            return new Answer.Known(new KubeError(FailureKind.NotFound, $"{PodFinder.NotFound} {id}"));
        }

        if (Enqueue(id, node, kept, mayCome) is { } refused)
        {
            return refused;
        }

        if (_reading || (_lastBegan is { } last && clock.GetElapsedTime(last) < Between) || Next() is not { } round)
        {
            return Later(id, kept);
        }

        _reading = true;
        _lastBegan = round.Began;
        return new Answer.Begin(round);
    }

    /// <summary>A round is over.</summary>
    /// <param name="harvest">What it has come to; null when it ended for a reason that is the reader's alone, and the others wait on.</param>
    public void End(Round round, Harvest? harvest)
    {
        _reading = false;
        if (harvest is null)
        {
            return;
        }

        var open = (harvest.AllRead ? round.Ids : round.OfNode).ToHashSet();
        foreach (var id in round.Ids)
        {
            if (harvest.Found.TryGetValue(id.Value, out var pods))
            {
                Keep(id, pods.Count == 1 ? pods[0] : Ambiguous(id, pods.Count), round.Began, FoundFor);
            }
            else if (_waiting.ContainsKey(id.Value) && open.Contains(id))
            {
                if (harvest.Error is { } error)
                {
                    // The round was for all of them, and so is its failure.
                    Keep(id, error with { Message = $"{PodFinder.NotFound} {id}: {error.Message}" }, round.Began, FailureFor, once: true);
                }
                else
                {
                    Keep(id, null, round.Began, UnknownFor);
                }
            }
        }
    }

    /// <summary>The asker does not begin the round that it was given; the next one does.</summary>
    public void Leave()
    {
        _reading = false;
        _lastBegan = null;
    }

    private static Answer.Wait Later(ContainerId id, Kept? kept) => new(
        kept is null ? $"the look-up of the container {id} waits for its turn" : $"no pod shows the container {id} yet");

    private static KubeError Ambiguous(ContainerId id, int pods) =>
        new(FailureKind.Invalid, $"the container id {id} is the beginning of an id in {pods} pods");

    private Round? Next()
    {
        var candidates = _waiting.Values.Where(wanted => !wanted.IsRepeat).ToList();
        bool isRepeat = candidates.Count == 0;
        if (isRepeat)
        {
            candidates = [.. _waiting.Values.Where(wanted => clock.GetElapsedTime(wanted.Since) >= BetweenRepeats)];
        }

        if (candidates.MinBy(wanted => wanted.Since) is not { } oldest)
        {
            return null;
        }

        bool many = _waiting.Count >= MaxWaiting || candidates.Select(wanted => wanted.Node).Distinct().Take(MaxNodes + 1).Count() > MaxNodes;
        var node = many ? null : oldest.Node;
        IReadOnlyList<ContainerId> all = [.. _waiting.Values.Select(wanted => wanted.Id)];
        IReadOnlyList<ContainerId> ofNode = node is null ? all : [.. _waiting.Values.Where(wanted => wanted.Node == node).Select(wanted => wanted.Id)];
        return new Round(node, ofNode, all, isRepeat, clock.GetTimestamp());
    }

    /// <summary>Puts an id into the line, or keeps it there. Null when it has its place.</summary>
    private Answer? Enqueue(ContainerId id, KubeName? node, Kept? kept, bool mayCome)
    {
        long now = clock.GetTimestamp();
        if (_waiting.TryGetValue(id.Value, out var known))
        {
            known.LastAsked = now;
            return null;
        }

        bool isRepeat = kept is not null;
        if (!isRepeat && _waiting.Count >= MaxWaiting && _waiting.Values.FirstOrDefault(wanted => wanted.IsRepeat) is { } repeat)
        {
            _waiting.Remove(repeat.Id.Value);
        }

        if (_waiting.Count < MaxWaiting)
        {
            _waiting[id.Value] = new Wanted(id, node, isRepeat, kept?.At ?? now) { LastAsked = now };
            return null;
        }

        return isRepeat && mayCome ? Later(id, kept) : new Answer.Known(
            new KubeError(FailureKind.Throttled, $"{PodFinder.NotFound} {id}: {MaxWaiting} other ids wait for a look-up already")
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            });
    }

    private void Keep(ContainerId id, KubeResult<PodReference>? result, long began, TimeSpan keepFor, bool once = false)
    {
        _waiting.Remove(id.Value);
        long now = clock.GetTimestamp();
        long firstMiss = _kept.TryGetValue(id.Value, out var before) && before.Result is null ? before.FirstMiss : now;
        if (_kept.Count >= MaxKept && before is null)
        {
            _kept.Remove(_kept.MinBy(entry => entry.Value.At).Key);
        }

        _kept[id.Value] = new Kept(result, firstMiss, began, now, keepFor, once);
    }

    private void Sweep()
    {
        if (clock.GetElapsedTime(_lastSwept) < BetweenRepeats)
        {
            return;
        }

        _lastSwept = clock.GetTimestamp();
        foreach (string old in _kept.Where(entry => clock.GetElapsedTime(entry.Value.At) >= entry.Value.For).Select(entry => entry.Key).ToList())
        {
            _kept.Remove(old);
        }

        foreach (string left in _waiting.Where(entry => clock.GetElapsedTime(entry.Value.LastAsked) >= Forgotten).Select(entry => entry.Key).ToList())
        {
            _waiting.Remove(left);
        }
    }

    /// <summary>An id in the line.</summary>
    /// <param name="since">When it was last searched for; for an id that was not yet, when it came.</param>
    private sealed class Wanted(ContainerId id, KubeName? node, bool isRepeat, long since)
    {
        public ContainerId Id { get; } = id;

        public KubeName? Node { get; } = node;

        public bool IsRepeat { get; } = isRepeat;

        public long Since { get; } = since;

        public long LastAsked { get; set; }
    }

    /// <param name="Result">The pod or an error; null when no pod had the id.</param>
    /// <param name="FirstMiss">When it was first not found.</param>
    /// <param name="Began">When the round that found this began.</param>
    /// <param name="At">When this became known.</param>
    /// <param name="For">How long it counts.</param>
    /// <param name="Once">Whether it is told once only.</param>
    private sealed record Kept(KubeResult<PodReference>? Result, long FirstMiss, long Began, long At, TimeSpan For, bool Once);
}
