namespace Talon.Rules.Outcomes;

/// <summary>Why an action failed. The kind decides whether a retry is safe; the reason text is for people only.</summary>
public enum FailureKind
{
    /// <summary>The event or the parameters do not carry what the actionner needs. Final.</summary>
    Invalid = 1,

    /// <summary>The object the action needs does not exist. Final.</summary>
    NotFound = 2,

    /// <summary>HTTP 401: the credentials were not accepted. Final.</summary>
    Unauthorized = 3,

    /// <summary>HTTP 403: the credentials lack the right. Final.</summary>
    Forbidden = 4,

    /// <summary>HTTP 409 that is not a replaced object: somebody else changed it at the same time. Final.</summary>
    Conflict = 5,

    /// <summary>HTTP 400, 422 or another 4xx: the request itself is refused. Final.</summary>
    Rejected = 6,

    /// <summary>HTTP 429: the server asks to come back later. Provably not carried out.</summary>
    Throttled = 7,

    /// <summary>HTTP 5xx. It may have been carried out.</summary>
    ServerError = 8,

    /// <summary>No answer before the deadline. It may have been carried out.</summary>
    Timeout = 9,

    /// <summary>Connection refused, name not resolved, TLS failed: provably not carried out.</summary>
    Unreachable = 10,

    /// <summary>The connection broke after the request was sent. It may have been carried out.</summary>
    ConnectionLost = 11,

    /// <summary>Not repeat-safe and nobody knows whether it was carried out. Final.</summary>
    Unknown = 12,

    /// <summary>The node died while an action that is not repeat-safe was running. Final.</summary>
    Interrupted = 13,

    /// <summary>Older than its <c>max_age</c> before it could run. Final.</summary>
    Expired = 14,

    /// <summary>The event broke its own processing three times and was set aside. Final.</summary>
    Parked = 15,

    /// <summary>A fault in Talon itself: the runner of the action crashed. Final.</summary>
    Crashed = 16,

    /// <summary>The plan names an actionner that this node does not have. Final.</summary>
    UnknownActionner = 17,

    /// <summary>The deadline had passed, or the node had left the cluster, before the request was sent. Provably not carried out.</summary>
    NotSent = 18,

    /// <summary>A command in a container was run and failed, or could not be started there: exit code, no such program, too much output. Final.</summary>
    CommandFailed = 19,
}
