namespace Talon.Rules.Outcomes;

/// <summary>
/// What a <see cref="FailureKind"/> means. Each kind is one of three: <see cref="MayHaveHappened"/>, <see cref="ProvablyNotDone"/>, or final.
/// </summary>
public static class FailureKinds
{
    /// <summary>
    /// Whether the request that failed may have been carried out all the same. Only what is safe to repeat is tried again after it.
    /// False for <see cref="FailureKind.Unknown"/> and <see cref="FailureKind.Interrupted"/>: they say of an action, not of a request, that
    /// nobody will find out.
    /// </summary>
    public static bool MayHaveHappened(this FailureKind kind) =>
        kind is FailureKind.ServerError or FailureKind.Timeout or FailureKind.ConnectionLost;

    /// <summary>Whether the request that failed was not carried out, for sure. Everything may be tried again after it.</summary>
    public static bool ProvablyNotDone(this FailureKind kind) =>
        kind is FailureKind.Throttled or FailureKind.Unreachable or FailureKind.NotSent;

    /// <summary>Whether another try may end differently. The other kinds are final.</summary>
    public static bool IsTransient(this FailureKind kind) => kind.MayHaveHappened() || kind.ProvablyNotDone();

    /// <summary>
    /// Whether nothing came back that tells what became of the request. A <see cref="FailureKind.ServerError"/> is an answer: an action that is
    /// not repeat-safe ends with it, and not with <see cref="FailureKind.Unknown"/>.
    /// </summary>
    public static bool IsWithoutAnswer(this FailureKind kind) => kind is FailureKind.Timeout or FailureKind.ConnectionLost;

    /// <summary>Whether the credentials are not accepted or lack the right: the same request is refused for every object.</summary>
    public static bool IsAccessDenied(this FailureKind kind) => kind is FailureKind.Unauthorized or FailureKind.Forbidden;

    /// <summary>
    /// Whether a call that does no harm when it is made twice, such as a notification, is made again: after transient trouble, and when the
    /// credentials were not accepted, because they are renewed from time to time.
    /// </summary>
    public static bool IsWorthSendingAgain(this FailureKind kind) => kind.IsTransient() || kind == FailureKind.Unauthorized;

    /// <summary>Whether credentials or an address that have changed since they were read may be the cause.</summary>
    public static bool MayComeFromOldCredentials(this FailureKind kind) =>
        kind is FailureKind.Unauthorized or FailureKind.Unreachable or FailureKind.ConnectionLost;

    /// <summary>Whether the server answered about the object itself: the same call for another object may go well.</summary>
    public static bool IsAboutTheObject(this FailureKind kind) => kind is FailureKind.NotFound or FailureKind.Rejected;
}
