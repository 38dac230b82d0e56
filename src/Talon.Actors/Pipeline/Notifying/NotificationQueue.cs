using System.Diagnostics.CodeAnalysis;
using Talon.Actors.Plugins;

namespace Talon.Actors.Pipeline.Notifying;

/// <summary>
/// What waits for one notifier: bounded, in order. When it is full the oldest that is no failure goes, and only among failures the
/// oldest of them: a flood of successes hides no failure. Safe from any thread; one reader.
/// </summary>
internal sealed class NotificationQueue(int capacity)
{
    private readonly Queue<(long Number, Notification Item)> _failures = new();
    private readonly Queue<(long Number, Notification Item)> _others = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _number;
    private bool _completed;

    public int Count
    {
        get
        {
            lock (_failures)
            {
                return _failures.Count + _others.Count;
            }
        }
    }

    /// <summary>Adds a notification. False with the one that had to go for it, which is itself when nothing is taken any more.</summary>
    public bool TryAdd(Notification item, [NotNullWhen(false)] out Notification? dropped)
    {
        lock (_failures)
        {
            if (_completed)
            {
                dropped = item;
                return false;
            }

            (item.Status == "failure" ? _failures : _others).Enqueue((_number++, item));
            dropped = _failures.Count + _others.Count <= capacity ? null : (_others.Count > 0 ? _others : _failures).Dequeue().Item;
            _changed.TrySetResult();
            return dropped is null;
        }
    }

    /// <summary>Takes nothing any more; what waits can still be read.</summary>
    public void Complete()
    {
        lock (_failures)
        {
            _completed = true;
            _changed.TrySetResult();
        }
    }

    /// <summary>Empties the queue; how many were in it.</summary>
    public IReadOnlyList<Notification> Clear()
    {
        lock (_failures)
        {
            Notification[] left = [.. _failures.Concat(_others).OrderBy(entry => entry.Number).Select(entry => entry.Item)];
            _failures.Clear();
            _others.Clear();
            return left;
        }
    }

    /// <summary>The next one, when there is one; null when the queue is completed and empty.</summary>
    public async Task<Notification?> TakeAsync()
    {
        while (true)
        {
            Task changed;
            lock (_failures)
            {
                if (_failures.Count + _others.Count > 0)
                {
                    bool failure = _others.Count == 0 || (_failures.Count > 0 && _failures.Peek().Number < _others.Peek().Number);
                    return (failure ? _failures : _others).Dequeue().Item;
                }

                if (_completed)
                {
                    return null;
                }

                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = _changed.Task;
            }

            await changed;
        }
    }
}
