using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Aws;

/// <summary>Why a call to AWS did not give what was asked.</summary>
/// <param name="Kind">What kind of failure it is; decides about retries.</param>
/// <param name="Message">One bounded line for people: what was tried and what came back. Never a key, a token, a header or a whole body.</param>
internal sealed record AwsError(FailureKind Kind, string Message)
{
    /// <summary>The HTTP status code; null when no answer came.</summary>
    public int? Status { get; init; }

    /// <summary>The error code of AWS, for instance <c>AccessDenied</c>; empty when the answer carried none.</summary>
    public string Code { get; init; } = "";

    /// <summary>How long the service asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
