using Talon.Cluster.Wire;

namespace Talon.Chaos.Records;

/// <summary>One row of the journal.</summary>
/// <param name="Bucket">The persistence id.</param>
/// <param name="Sequence">The sequence number.</param>
/// <param name="Fact">What it says.</param>
internal sealed record JournalEntry(string Bucket, long Sequence, IFact Fact);
