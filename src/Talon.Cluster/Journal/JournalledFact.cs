using Talon.Cluster.Wire;

namespace Talon.Cluster.Journal;

/// <summary>A fact as it stands in the journal.</summary>
/// <param name="Sequence">Its number within its bucket.</param>
public sealed record JournalledFact(long Sequence, IFact Fact);
