using Talon.Chaos.Records;

namespace Talon.Chaos.Stores;

/// <summary>The journal of a cluster under test.</summary>
internal interface IJournalStore
{
    /// <summary>The settings by which a node uses it.</summary>
    IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>All facts now, bucket by bucket, in order.</summary>
    /// <exception cref="ChaosException">It cannot be read now.</exception>
    Task<IReadOnlyList<JournalEntry>> ReadAsync(CancellationToken ct);
}
