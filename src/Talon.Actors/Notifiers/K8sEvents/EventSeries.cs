using System.Security.Cryptography;
using System.Text;
using k8s.Models;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Notifiers.K8sEvents;

/// <summary>
/// The events that were written lately, so that a repetition raises the count of one of them instead of making another. A different
/// text is a different event; but where the texts about one subject keep changing, as an attacker can make them, the further ones are
/// counted on one event. Bounded; used by one caller at a time.
/// </summary>
internal sealed class EventSeries(TimeProvider clock)
{
    /// <summary>How many different texts about one subject get events of their own within the window; as many as Kubernetes' own recorder gives.</summary>
    public const int MostTexts = 10;

    // What kube-controller-manager and others use: an event that has been quiet for longer is news again.
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(6);
    private const int Most = 1024;

    private readonly Dictionary<Key, Entry> _entries = [];

    /// <summary>What a notification is about: object, outcome, and who says so.</summary>
    public static string Subject(V1ObjectReference regarding, params ReadOnlySpan<string?> parts) => Digest(
        [regarding.Kind, regarding.NamespaceProperty, regarding.Name, regarding.Uid, .. parts]);

    /// <summary>The key of a text about a subject: its own, or that of all further texts where there were many different ones lately.</summary>
    public Key KeyOf(string subject, params ReadOnlySpan<string?> text)
    {
        var own = new Key(subject, Digest(text));
        return Find(own) is not null || _entries.Count(entry => entry.Key.Subject == subject && !entry.Key.IsOfMany && IsFresh(entry.Value)) < MostTexts
            ? own
            : new Key(subject, "");
    }

    /// <summary>The event of that key, unless it has been quiet for too long.</summary>
    public Entry? Find(Key key) => _entries.TryGetValue(key, out var entry) && IsFresh(entry) ? entry : null;

    public void Remember(Key key, Entry entry)
    {
        if (_entries.Count >= Most && !_entries.ContainsKey(key))
        {
            // Rare: more than a thousand kinds of events in a few minutes.
            _entries.Remove(_entries.MinBy(each => each.Value.LastAt).Key);
        }

        _entries[key] = entry with { LastAt = clock.GetTimestamp() };
    }

    public void Forget(Key key) => _entries.Remove(key);

    private bool IsFresh(Entry entry) => clock.GetElapsedTime(entry.LastAt) < Window;

    // Of one length, whatever the texts are.
    private static string Digest(ReadOnlySpan<string?> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string? part in parts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part ?? "");
            hash.AppendData(BitConverter.GetBytes(part is null ? -1 : bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <param name="Text">What it says; empty for the one that stands for many texts.</param>
    public sealed record Key(string Subject, string Text)
    {
        /// <summary>Whether the event stands for many texts.</summary>
        public bool IsOfMany => Text.Length == 0;
    }

    /// <param name="Last">The delivery that was counted last: <c>EventKey/Position</c>.</param>
    public sealed record Entry(NamespaceName Namespace, KubeName Name, string Uid, int Count, string Last)
    {
        /// <summary>When it was written last, on the monotonic clock.</summary>
        public long LastAt { get; init; }
    }
}
