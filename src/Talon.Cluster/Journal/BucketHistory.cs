using System.Collections.Immutable;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Journal;

/// <summary>What a bucket would recover from: its newest snapshot and the facts after it.</summary>
/// <param name="Snapshot">The newest snapshot; null when there is none.</param>
/// <param name="Facts">The facts after it, in their order.</param>
public sealed record BucketHistory(BucketSnapshot? Snapshot, ImmutableArray<JournalledFact> Facts);
