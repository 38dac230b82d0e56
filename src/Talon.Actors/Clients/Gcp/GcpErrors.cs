using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Google;
using Google.Apis.Auth.OAuth2.Responses;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Clients.Gcp;

/// <summary>
/// Classifies how a call ended, by exception type and status code; never by the words of a message. Messages of parsers and of the token
/// endpoint may quote what they were given, so they are not passed on.
/// </summary>
internal static class GcpErrors
{
    // A server that asks for more than this is treated as if it had asked for this; the pipeline's own limits end retries earlier.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(10);

    /// <summary>Makes an error of an exception that a call can be expected to end with. False for all others: those are faults.</summary>
    /// <param name="doing">What the call does, as a verb phrase for messages: <c>call the function f</c>.</param>
    public static bool TryClassify(Exception exception, string doing, [NotNullWhen(true)] out GcpError? error)
    {
        error = exception switch
        {
            TokenResponseException e => FromTokenAnswer(e, doing),
            GoogleApiException e => FromStatus(e.HttpStatusCode, doing, e.Error?.Message),
            HttpRequestException e => FromTransport(e, doing),

            // The connect timeout of the transport, not our token: nothing was sent.
            OperationCanceledException { InnerException: TimeoutException } => new GcpError(
                FailureKind.Unreachable, $"cannot {doing}: no connection within 5 s"),
            OperationCanceledException => new GcpError(FailureKind.Timeout, $"cannot {doing}: no answer before the deadline"),
            IOException => Lost(doing, exception),
            JsonException or FormatException or Newtonsoft.Json.JsonException => new GcpError(
                FailureKind.ServerError, $"cannot {doing}: the answer is not what Google sends"),
            _ => null,
        };
        return error is not null;
    }

    /// <summary>Makes an error of an answer that is no success.</summary>
    /// <param name="text">What the server said of it, as far as it may be shown; null for nothing.</param>
    public static GcpError FromStatus(HttpStatusCode code, string doing, string? text, TimeSpan? retryAfter = null)
    {
        var kind = code switch
        {
            HttpStatusCode.Unauthorized => FailureKind.Unauthorized,
            HttpStatusCode.Forbidden => FailureKind.Forbidden,
            HttpStatusCode.NotFound => FailureKind.NotFound,
            HttpStatusCode.TooManyRequests => FailureKind.Throttled,
            >= HttpStatusCode.InternalServerError => FailureKind.ServerError,
            < HttpStatusCode.Continue => FailureKind.ServerError,
            _ => FailureKind.Rejected,
        };
        string said = OneLine.From(text);
        return new GcpError(kind, $"cannot {doing}: the answer is {(int)code}{(said.Length == 0 ? "" : ": " + said)}")
        {
            Code = (int)code,
            RetryAfter = retryAfter,
        };
    }

    /// <summary>How long an answer asks to wait; null when it does not say.</summary>
    public static TimeSpan? RetryAfter(HttpResponseHeaders headers, TimeProvider clock)
    {
        var wait = headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date - clock.GetUtcNow());
        return wait is null ? null
            : wait < TimeSpan.Zero ? TimeSpan.Zero
            : wait > LongestRetryAfter ? LongestRetryAfter
            : wait;
    }

    private static GcpError FromTransport(HttpRequestException e, string doing) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new GcpError(
            FailureKind.Unreachable, $"cannot {doing}: the name of the server cannot be resolved: {Innermost(e)}"),
        HttpRequestError.ConnectionError => new GcpError(
            FailureKind.Unreachable, $"cannot {doing}: no connection: {Innermost(e)}"),
        HttpRequestError.SecureConnectionError => new GcpError(
            FailureKind.Unreachable, $"cannot {doing}: TLS failed: {Innermost(e)}"),
        HttpRequestError.ConfigurationLimitExceeded => new GcpError(
            FailureKind.ServerError, $"cannot {doing}: the answer is larger than Talon reads"),
        _ => Lost(doing, e),
    };

    // The answer of the endpoint can quote the request, which is made of the private key; its error word is of a closed set.
    private static GcpError FromTokenAnswer(TokenResponseException e, string doing)
    {
        string? word = e.Error?.Error is { Length: > 0 and <= 64 } text && text.All(c => char.IsAsciiLetterLower(c) || c is '_') ? text : null;
        var error = FromStatus(e.StatusCode ?? HttpStatusCode.BadGateway, doing, word);

        // What OAuth calls a bad request is a credential that is not, or no longer, accepted.
        return error.Code == (int)HttpStatusCode.BadRequest ? error with { Kind = FailureKind.Unauthorized } : error;
    }

    private static GcpError Lost(string doing, Exception e) => new(
        FailureKind.ConnectionLost, $"cannot {doing}: the connection broke after the request was sent: {Innermost(e)}");

    private static string Innermost(Exception e) => OneLine.From(e.GetBaseException().Message.ToString(CultureInfo.InvariantCulture));
}
