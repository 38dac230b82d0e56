using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>Why a call to the Kubernetes API did not give what was asked.</summary>
/// <param name="Kind">What kind of failure it is; decides about retries.</param>
/// <param name="Message">One bounded line for people: what was tried and what came back. Never a whole body, never a header.</param>
internal sealed record KubeError(FailureKind Kind, string Message)
{
    /// <summary>The HTTP status code; null when no answer came.</summary>
    public int? Code { get; init; }

    /// <summary>The <c>reason</c> of the API's Status, for instance <c>Conflict</c>; null when the answer carried no Status.</summary>
    public string? Reason { get; init; }

    /// <summary>How long the server asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether another object has taken the name: the write carried a uid that no longer fits.</summary>
    public bool Replaced { get; init; }

    /// <summary>
    /// Whether another change of the same object came between (409, the object has been modified): nothing was written, and what is
    /// read anew may be written.
    /// </summary>
    public bool Modified => Code == 409 && Reason == "Conflict" && !Replaced;

    /// <summary>Whether the write was refused by Talon itself, because the namespace is protected. Nothing was sent.</summary>
    public bool ProtectedNamespace { get; init; }

    /// <summary>Whether nothing can be created any more in the namespace, because it is being deleted. It comes as a 403.</summary>
    public bool NamespaceTerminating { get; init; }

    /// <summary>Whether a disruption budget allows no eviction now; other 429 ask for fewer requests.</summary>
    public bool DisruptionBudget { get; init; }

    /// <summary>
    /// Whether nothing is wrong and the answer is only not there yet: the caller asks again in a moment, and holds nothing meanwhile.
    /// </summary>
    public bool NotYet { get; init; }

    /// <summary>Whether the object that was to be created exists (the other 409).</summary>
    public bool AlreadyExists => Code == 409 && Reason == "AlreadyExists";
}
