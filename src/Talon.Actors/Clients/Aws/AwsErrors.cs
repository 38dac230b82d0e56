using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Xml;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Clients.Aws;

/// <summary>
/// Classifies how a call to AWS failed, by exception type, status and error code; never by the words of a message.
/// </summary>
internal static class AwsErrors
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(10);

    /// <summary>Makes an error of an exception that a call of the SDK, or of an HTTP client, can be expected to end with. False for all others: those are faults.</summary>
    /// <param name="doing">What was tried, as a verb phrase: <c>call the function f</c>.</param>
    public static bool TryClassify(Exception exception, string doing, TimeProvider clock, [NotNullWhen(true)] out AwsError? error)
    {
        error = exception switch
        {
            AmazonServiceException e => FromService(e, doing, clock),
            AmazonClientException e => e.InnerException is { } inner && TryClassify(inner, doing, clock, out var cause)
                ? cause
                : new AwsError(FailureKind.ServerError, $"cannot {doing}: the answer cannot be used"),
            HttpRequestException e => FromTransport(e, doing),

            // The connect timeout. That of a whole request carries what it broke off.
            OperationCanceledException { InnerException: TimeoutException { InnerException: null } } or TimeoutException { InnerException: null } =>
                new AwsError(FailureKind.Unreachable, $"cannot {doing}: no connection in time"),
            OperationCanceledException or TimeoutException => new AwsError(FailureKind.Timeout, $"cannot {doing}: no answer before the deadline"),
            AuthenticationException => Unreachable(doing, "TLS failed", exception),
            SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.TryAgain or SocketError.HostUnreachable or SocketError.NetworkUnreachable } =>
                Unreachable(doing, "no connection", exception),
            IOException or SocketException => Lost(doing, exception),
            XmlException or JsonException => new AwsError(FailureKind.ServerError, $"cannot {doing}: the answer is not what AWS sends"),
            _ => null,
        };
        return error is not null;
    }

    /// <summary>Makes an error of an answer that is not a success.</summary>
    /// <param name="code">The error code; empty when there is none.</param>
    /// <param name="text">What the service says, from outside; empty when it says nothing.</param>
    /// <param name="retryAfter">The header <c>Retry-After</c> as it came; null without one.</param>
    public static AwsError FromAnswer(string doing, int status, string code, string text, string? retryAfter, TimeProvider clock)
    {
        var kind = KindOf(status, code);

        // When a signature is wrong, services quote what should have been signed, and the session token is part of it.
        string said = kind == FailureKind.Unauthorized ? "" : OneLine.From(text);
        string shown = OneLine.From(code);
        return new AwsError(kind, $"cannot {doing}: {status.ToString(CultureInfo.InvariantCulture)}{(shown.Length == 0 ? "" : " " + shown)}{(said.Length == 0 ? "" : ": " + said)}")
        {
            Status = status,
            Code = shown,
            RetryAfter = RetryAfter(retryAfter, clock),
        };
    }

    /// <summary>
    /// Makes an error of an exception of looking for credentials. The action itself was not sent then, whatever became of the request for the credentials.
    /// The words of the exception stay out: they may quote what a profile or a program gave.
    /// </summary>
    public static AwsError OfCredentials(Exception exception, string doing, TimeProvider clock)
    {
        if (exception is not AmazonClientException { InnerException: null } && TryClassify(exception, doing, clock, out var error))
        {
            return error.Kind is FailureKind.ServerError or FailureKind.Timeout or FailureKind.ConnectionLost ? error with { Kind = FailureKind.Unreachable } : error;
        }

        return new AwsError(FailureKind.Unreachable, $"cannot {doing}: there are none ({exception.GetType().Name})");
    }

    private static AwsError FromService(AmazonServiceException e, string doing, TimeProvider clock)
    {
        if (e.StatusCode is < HttpStatusCode.Continue)
        {
            return e.InnerException is { } inner && TryClassify(inner, doing, clock, out var cause)
                ? cause
                : new AwsError(FailureKind.ServerError, $"cannot {doing}: the answer cannot be used");
        }

        var answer = (e.InnerException as HttpErrorResponseException)?.Response;
        string? retryAfter = answer?.IsHeaderPresent("Retry-After") == true ? answer.GetHeaderValue("Retry-After") : null;
        return e is AmazonUnmarshallingException && (int)e.StatusCode < 400
            ? new AwsError(FailureKind.ServerError, $"cannot {doing}: the answer is not what AWS sends") { Status = (int)e.StatusCode }
            : FromAnswer(doing, (int)e.StatusCode, e.ErrorCode ?? "", e.Message, retryAfter, clock);
    }

    private static FailureKind KindOf(int status, string code) => (status, code) switch
    {
        _ when IsThrottling(code) => FailureKind.Throttled,
        _ when IsAboutCredentials(code) => FailureKind.Unauthorized,

        // The service waited for the rest of the request.
        (_, "RequestTimeout") => FailureKind.ConnectionLost,
        (401, _) => FailureKind.Unauthorized,
        (403, _) => FailureKind.Forbidden,
        (404, _) => FailureKind.NotFound,
        (408, _) => FailureKind.ConnectionLost,
        (409, _) => FailureKind.Conflict,
        (429, _) => FailureKind.Throttled,
        _ when status >= 500 => FailureKind.ServerError,
        _ => FailureKind.Rejected,
    };

    private static bool IsThrottling(string code) => code is "Throttling" or "ThrottlingException" or "ThrottledException" or "RequestThrottled"
        or "RequestThrottledException" or "TooManyRequestsException" or "RequestLimitExceeded" or "SlowDown";

    // They come with 400, 401 or 403.
    private static bool IsAboutCredentials(string code) => code is "ExpiredToken" or "ExpiredTokenException" or "InvalidToken" or "InvalidClientTokenId"
        or "UnrecognizedClientException" or "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidSignatureException" or "IncompleteSignature"
        or "IncompleteSignatureException" or "MissingAuthenticationToken" or "MissingAuthenticationTokenException" or "RequestTimeTooSkewed"
        or "RequestExpired" or "InvalidIdentityToken";

    private static AwsError FromTransport(HttpRequestException e, string doing) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => Unreachable(doing, "the name cannot be resolved", e),
        HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError => Unreachable(doing, "no connection", e),
        HttpRequestError.SecureConnectionError => Unreachable(doing, "TLS failed", e),
        HttpRequestError.ConfigurationLimitExceeded => new AwsError(FailureKind.ServerError, $"cannot {doing}: the answer is larger than Talon reads"),
        _ => Lost(doing, e),
    };

    private static AwsError Unreachable(string doing, string what, Exception e) => new(FailureKind.Unreachable, $"cannot {doing}: {what}: {Innermost(e)}");

    private static AwsError Lost(string doing, Exception e) =>
        new(FailureKind.ConnectionLost, $"cannot {doing}: the connection broke after the request was sent: {Innermost(e)}");

    private static TimeSpan? RetryAfter(string? text, TimeProvider clock)
    {
        TimeSpan? wait = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? TimeSpan.FromSeconds(seconds)
            : DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at - clock.GetUtcNow()
            : null;
        return wait is null ? null
            : wait < TimeSpan.Zero ? TimeSpan.Zero
            : wait > LongestRetryAfter ? LongestRetryAfter
            : wait;
    }

    private static string Innermost(Exception e) => OneLine.From(e.GetBaseException().Message);
}
