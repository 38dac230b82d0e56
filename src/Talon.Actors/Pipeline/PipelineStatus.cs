using System.Collections.Concurrent;
using Talon.Actors.Plugins;
using Talon.Cluster.Membership;

namespace Talon.Actors.Pipeline;

/// <summary>What the actors of this node last said about themselves. Written by them, read by the endpoints, thread-safe.</summary>
public sealed class PipelineStatus : IPipelineStatus
{
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, CategoryStatus> _categories = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, OutputStatus> _outputs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, int> _unfinished = new();
    private readonly ConcurrentDictionary<int, long> _journalWaiting = new();
    private readonly ConcurrentDictionary<int, bool> _recovered = new();
    private readonly TaskCompletionSource _allRecovered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _buckets;
    private readonly Func<ClusterView> _view;
    private readonly ConcurrentDictionary<int, bool> _stopped = new();
    private volatile bool _joined;
    private volatile bool _draining;
    private volatile string? _refusal;

    /// <summary>Makes the status.</summary>
    /// <param name="view">The cluster as the node sees it.</param>
    /// <param name="ended">Ends with the actor system.</param>
    public PipelineStatus(TimeProvider clock, int buckets, Func<ClusterView> view, Task ended)
    {
        _clock = clock;
        _buckets = buckets;
        _view = view;
        Ended = ended;
    }

    /// <summary>Ends with the actor system.</summary>
    public Task Ended { get; }

    /// <inheritdoc/>
    public bool IsAlive => !Ended.IsCompleted;

    /// <inheritdoc/>
    public bool JoinedOnce => _joined || (_joined = _view().Membership == "Up");

    /// <inheritdoc/>
    public ClusterView Cluster => _view();

    /// <inheritdoc/>
    public bool Draining => _draining;

    /// <inheritdoc/>
    public TimeSpan? JournalSilence
    {
        get
        {
            // One read: the last bucket that waits may get its answer at any moment.
            var waiting = _journalWaiting.Values;
            return waiting.Count == 0 ? null : _clock.GetElapsedTime(waiting.Min());
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<CategoryStatus> Categories =>
        [.. _categories.Values.OrderBy(c => c.Category, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public IReadOnlyList<OutputStatus> Outputs =>
        [.. _outputs.Values.OrderBy(output => output.Output, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public int UnfinishedEvents => _unfinished.Values.Sum();

    /// <summary>Why this node must not go on, found out only after it had started: one line. Null when there is no such reason.</summary>
    public string? Refusal => _refusal;

    /// <summary>A check of the start that ended late has failed, for a reason of one line; the actor system is about to end for it.</summary>
    public void Refuse(string why) => _refusal = why;

    /// <summary>Ends when every bucket has recovered once on this node.</summary>
    public Task AllRecovered => _allRecovered.Task;

    /// <summary>A bucket has recovered.</summary>
    public void BucketRecovered(int bucket)
    {
        if (_recovered.TryAdd(bucket, true) && _recovered.Count == _buckets)
        {
            _allRecovered.TrySetResult();
        }
    }

    /// <summary>The node starts to leave.</summary>
    public void StartDraining() => _draining = true;

    /// <summary>A category reports its state.</summary>
    public void Report(CategoryStatus status)
    {
        _categories[status.Category] = status;
    }

    /// <summary>An output was used by an action.</summary>
    public void Report(OutputStatus status) => _outputs[status.Output] = status;

    /// <summary>A bucket says how many of its events are unfinished.</summary>
    public void ReportUnfinished(int bucket, int count) => _unfinished[bucket] = count;

    /// <summary>A bucket has ended on this node.</summary>
    /// <param name="handedOver">Whether it went to another node or leaves with this one. Otherwise the journal failed it, and it still waits for an answer.</param>
    public void BucketStopped(int bucket, bool handedOver)
    {
        _unfinished.TryRemove(bucket, out _);
        if (handedOver)
        {
            _journalWaiting.TryRemove(bucket, out _);
        }
        else
        {
            _stopped[bucket] = true;
        }
    }

    /// <summary>A bucket waits for the journal, from the first unanswered request on.</summary>
    public void JournalAsked(int bucket)
    {
        _stopped.TryRemove(bucket, out _);
        _journalWaiting.TryAdd(bucket, _clock.GetTimestamp());
    }

    /// <summary>The journal answered a bucket; it may wait for more.</summary>
    /// <param name="waiting">Whether further requests are unanswered.</param>
    public void JournalAnswered(int bucket, bool waiting)
    {
        if (waiting)
        {
            _journalWaiting[bucket] = _clock.GetTimestamp();
        }
        else
        {
            _journalWaiting.TryRemove(bucket, out _);
        }

        // The journal answers: a bucket that it failed earlier, and that has come up on another node since, says nothing about it any more.
        foreach (int stopped in _stopped.Keys)
        {
            if (_stopped.TryRemove(stopped, out _))
            {
                _journalWaiting.TryRemove(stopped, out _);
            }
        }
    }
}
