using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Talon.Cluster.Wire;

namespace Talon.Actors.Tests.Pipeline.Events;

/// <summary>A journal in memory whose commits a test can hold up.</summary>
public sealed class HeldJournal : MemoryJournal
{
    public const string Hocon =
        """
        akka.test.single-expect-default = 20s
        akka.persistence.journal.plugin = "held-journal"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        held-journal {
          class = "Talon.Actors.Tests.Pipeline.Events.HeldJournal, Talon.Actors.Tests"
          plugin-dispatcher = "akka.actor.default-dispatcher"
        }
        """;

    private static readonly ConditionalWeakTable<ActorSystem, Gate> Gates = [];

    private readonly Gate _gate = GateOf(Context.System);

    public static Gate GateOf(ActorSystem system) => Gates.GetOrCreateValue(system);

    protected override async Task<IImmutableList<Exception?>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var writes = messages.ToList();
        foreach (var fact in writes.SelectMany(write => (IImmutableList<IPersistentRepresentation>)write.Payload).Select(one => (IFact)one.Payload))
        {
            _gate.Facts.Enqueue(fact);
        }

        await _gate.Opened;
        return await base.WriteMessagesAsync(writes, cancellationToken);
    }

    /// <summary>Whether commits go through, and all facts that a bucket has handed over.</summary>
    public sealed class Gate
    {
        private TaskCompletionSource _open = new();

        public Gate() => _open.SetResult();

        public ConcurrentQueue<IFact> Facts { get; } = new();

        internal Task Opened => _open.Task;

        public void Close() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open() => _open.SetResult();
    }
}
