using System.Collections.Immutable;

namespace Talon.Rules.Outcomes;

/// <summary>
/// The end of one attempt of an action: a closed set. There is no success that did nothing; what was not done is
/// <see cref="Ignored"/> with its reason.
/// </summary>
public abstract record ActionOutcome
{
    private ActionOutcome(ImmutableSortedDictionary<string, string> objects) => Objects = objects;

    /// <summary>The objects concerned, by kind in lower case: <c>pod</c>, <c>namespace</c>, <c>node</c>. May be empty.</summary>
    public ImmutableSortedDictionary<string, string> Objects { get; init; }

    /// <summary>What became of the artifact; null when the action made none, or did not get that far.</summary>
    public ArtifactReport? Artifact { get; init; }

    /// <summary>The texts that the action brought back, in order. May be empty.</summary>
    public ImmutableArray<CapturedText> Captured { get; init; } = [];

    /// <summary>The status word of log lines and metrics: <c>success</c>, <c>ignored</c> or <c>failure</c>.</summary>
    public abstract string Status { get; }

    /// <summary>The effect is there.</summary>
    /// <param name="Output">What was done, one sentence.</param>
    public sealed record Succeeded(string Output, ImmutableSortedDictionary<string, string> Objects) : ActionOutcome(Objects)
    {
        /// <inheritdoc/>
        public override string Status => "success";
    }

    /// <summary>Nothing was done, on purpose. Counts as done for <c>continue</c>, never as an error.</summary>
    /// <param name="Reason">Why nothing was done, one sentence.</param>
    public sealed record Ignored(string Reason, ImmutableSortedDictionary<string, string> Objects) : ActionOutcome(Objects)
    {
        /// <inheritdoc/>
        public override string Status => "ignored";
    }

    /// <summary>It was not done, or nobody knows.</summary>
    /// <param name="Kind">What kind of failure; decides about retries.</param>
    /// <param name="Reason">What went wrong, one sentence.</param>
    /// <param name="RetryAfter">How long the server asked to wait before the next try; null when it did not say.</param>
    public sealed record Failed(FailureKind Kind, string Reason, ImmutableSortedDictionary<string, string> Objects, TimeSpan? RetryAfter = null)
        : ActionOutcome(Objects)
    {
        /// <inheritdoc/>
        public override string Status => "failure";
    }
}
