using k8s.Models;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Notifiers.K8sEvents;

/// <summary>
/// The events that were written lately, so that the same thing once more counts one of them up instead of making another. Bounded; used
/// by one caller at a time.
/// </summary>
internal sealed class EventSeries(TimeProvider clock)
{
    // What kube-controller-manager and others use: an event that has been quiet for longer is news again.
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(6);
    private const int Most = 1024;

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>What makes two notifications the same: object, outcome, and who says so.</summary>
    public static string Key(V1ObjectReference regarding, params ReadOnlySpan<string?> parts) => string.Join(
        '\0',
        [regarding.Kind, regarding.NamespaceProperty, regarding.Name, regarding.Uid, .. parts]);

    /// <summary>The event of that key, unless it has been quiet for too long.</summary>
    public Entry? Find(string key) =>
        _entries.TryGetValue(key, out var entry) && clock.GetElapsedTime(entry.LastAt) < Window ? entry : null;

    public void Remember(string key, Entry entry)
    {
        if (_entries.Count >= Most && !_entries.ContainsKey(key))
        {
            // Seldom: more than a thousand kinds of events in a few minutes.
            _entries.Remove(_entries.MinBy(each => each.Value.LastAt).Key);
        }

        _entries[key] = entry with { LastAt = clock.GetTimestamp() };
    }

    public void Forget(string key) => _entries.Remove(key);

    /// <param name="Namespace">Its namespace.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Uid">Its uid.</param>
    /// <param name="Count">How often it has happened.</param>
    /// <param name="Last">The delivery that was counted last: <c>EventKey/Position</c>.</param>
    public sealed record Entry(NamespaceName Namespace, KubeName Name, string Uid, int Count, string Last)
    {
        /// <summary>When it was written last, on the monotonic clock.</summary>
        public long LastAt { get; init; }
    }
}
