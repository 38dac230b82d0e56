namespace Talon.Actors.Pipeline.Buckets;

/// <summary>How far a bucket is in leaving its node.</summary>
internal abstract record BucketPhase
{
    private BucketPhase()
    {
    }

    /// <summary>It takes events and writes facts.</summary>
    public sealed record Serving : BucketPhase;

    /// <summary>Facts that were handed to the journal before are committed; no further one is written.</summary>
    public sealed record FinishingWrites : BucketPhase;

    /// <summary>The journal belongs to the next owner; the actors of the events end.</summary>
    public sealed record DismissingActors : BucketPhase;

    /// <summary>The last snapshot is being saved.</summary>
    public sealed record SavingSnapshot : BucketPhase;
}
