using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Gcp;

/// <summary>Why a call to Google Cloud did not give what was asked.</summary>
/// <param name="Kind">What kind of failure it is; decides about retries.</param>
/// <param name="Message">One bounded line for people: what was tried and what came back. Never a credential, a token or a header.</param>
internal sealed record GcpError(FailureKind Kind, string Message)
{
    /// <summary>The HTTP status code; null when no answer came.</summary>
    public int? Code { get; init; }

    /// <summary>How long the server asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The same of a request before the one that acts: whatever became of it, the action was not carried out.</summary>
    public GcpError Unsent => Kind.MayHaveHappened() ? this with { Kind = FailureKind.NotSent } : this;
}
