using Talon.Rules.Outcomes;

namespace Talon.Actors.Outputs.ObjectStores;

/// <summary>How one try to create an object ended: a closed set.</summary>
internal abstract record PutResult
{
    private PutResult()
    {
    }

    /// <summary>The store says that it has all of it.</summary>
    public sealed record Stored : PutResult;

    /// <summary>Something has the key: this artifact, if an earlier try was carried out, or another.</summary>
    public sealed record Exists : PutResult;

    /// <summary>It is not stored, or nobody knows.</summary>
    /// <param name="Kind">What kind of failure.</param>
    /// <param name="Reason">What went wrong, one sentence.</param>
    /// <param name="RetryAfter">How long the store asked to wait; null when it did not say.</param>
    public sealed record Failed(FailureKind Kind, string Reason, TimeSpan? RetryAfter = null) : PutResult
    {
        /// <summary>Whether the upload is to be made again from its beginning, although the store refused it: it lost against another write.</summary>
        public bool Lost { get; init; }

        /// <summary>Whether the object was not created for sure, whatever the kind says: the request that would do so was not sent.</summary>
        public bool NotCreated { get; init; }
    }
}
