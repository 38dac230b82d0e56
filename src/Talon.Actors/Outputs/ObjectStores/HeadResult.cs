using System.Collections.Immutable;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Outputs.ObjectStores;

/// <summary>How the reading of an object's metadata ended: a closed set.</summary>
internal abstract record HeadResult
{
    private HeadResult()
    {
    }

    /// <summary>It is there.</summary>
    /// <param name="Bytes">Its size.</param>
    /// <param name="Metadata">By name, lower case and without the prefix of the service.</param>
    public sealed record Found(long Bytes, ImmutableSortedDictionary<string, string> Metadata) : HeadResult;

    /// <summary>It is not there.</summary>
    public sealed record Missing : HeadResult;

    /// <summary>Nobody knows.</summary>
    /// <param name="Kind">What kind of failure; <see cref="FailureKind.Forbidden"/> where the right to read is missing.</param>
    /// <param name="Reason">What went wrong, one sentence.</param>
    public sealed record Failed(FailureKind Kind, string Reason) : HeadResult;
}
