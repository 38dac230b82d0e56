using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Exceptions;
using k8s.Models;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>
/// Classifies how a call failed, by exception type, status code and the machine-readable parts of the Status; never by the
/// words of a message.
/// </summary>
internal static class KubeErrors
{
    // A server that asks for more than this is treated as if it had asked for this; the pipeline's own limits end retries earlier.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(10);

    /// <summary>Makes an error of an exception that a call can be expected to end with. False for all others: those are faults.</summary>
    public static bool TryClassify(Exception exception, string doing, TimeProvider clock, [NotNullWhen(true)] out KubeError? error)
    {
        error = exception switch
        {
            HttpOperationException e => FromAnswer(e, doing, clock),
            HttpRequestException e => FromTransport(e, doing),

            // The connect timeout of the transport, not our token: nothing was sent.
            OperationCanceledException { InnerException: TimeoutException } => new KubeError(
                FailureKind.Unreachable, $"cannot {doing}: no connection within 5 s"),
            OperationCanceledException => new KubeError(FailureKind.Timeout, $"cannot {doing}: no answer before the deadline"),

            // The library reads the service account's token right before it sends.
            FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => new KubeError(
                FailureKind.Unreachable, $"cannot {doing}: the credentials cannot be read: {OneLine.From(exception.Message)}"),
            AggregateException { InnerException: FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException } e =>
                new KubeError(FailureKind.Unreachable, $"cannot {doing}: the credentials cannot be read: {OneLine.From(e.InnerException!.Message)}"),
            KubeConfigException or AggregateException { InnerException: KubeConfigException } => new KubeError(
                FailureKind.Unreachable, $"cannot {doing}: the credential plugin of the kubeconfig failed: {Innermost(exception)}"),
            IOException => Lost(doing, exception),
            JsonException or FormatException or NotSupportedException => new KubeError(
                FailureKind.ServerError, $"cannot {doing}: the answer is not what a Kubernetes API server sends"),
            _ => null,
        };
        return error is not null;
    }

    private static KubeError FromTransport(HttpRequestException e, string doing) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new KubeError(
            FailureKind.Unreachable, $"cannot {doing}: the name of the API server cannot be resolved: {Innermost(e)}"),
        HttpRequestError.ConnectionError => new KubeError(
            FailureKind.Unreachable, $"cannot {doing}: no connection to the API server: {Innermost(e)}"),
        HttpRequestError.SecureConnectionError => new KubeError(
            FailureKind.Unreachable, $"cannot {doing}: TLS with the API server failed: {Innermost(e)}"),
        HttpRequestError.ConfigurationLimitExceeded => new KubeError(
            FailureKind.ServerError, $"cannot {doing}: the answer is larger than Talon reads"),
        _ => Lost(doing, e),
    };

    private static KubeError Lost(string doing, Exception e) => new(
        FailureKind.ConnectionLost, $"cannot {doing}: the connection broke after the request was sent: {Innermost(e)}");

    private static KubeError FromAnswer(HttpOperationException e, string doing, TimeProvider clock)
    {
        var code = e.Response?.StatusCode ?? HttpStatusCode.BadGateway;
        var status = ReadStatus(e.Response?.Content);
        var kind = code switch
        {
            HttpStatusCode.Unauthorized => FailureKind.Unauthorized,
            HttpStatusCode.Forbidden => FailureKind.Forbidden,

            // Only a Status tells that an object is absent; any proxy can say 404.
            HttpStatusCode.NotFound when status?.Reason == "NotFound" => FailureKind.NotFound,
            HttpStatusCode.Conflict => FailureKind.Conflict,
            HttpStatusCode.TooManyRequests => FailureKind.Throttled,
            >= HttpStatusCode.InternalServerError => FailureKind.ServerError,
            _ => FailureKind.Rejected,
        };
        string text = OneLine.From(status?.Message);
        return new KubeError(kind, $"cannot {doing}: {(int)code}{Word(status?.Reason)}{(text.Length == 0 ? "" : ": " + text)}")
        {
            Code = (int)code,
            Reason = status?.Reason,
            RetryAfter = RetryAfter(e.Response, status, clock),
            Replaced = code == HttpStatusCode.UnprocessableEntity
                && status?.Details?.Causes?.Any(c => c.Field == "metadata.uid") == true,
            NamespaceTerminating = code == HttpStatusCode.Forbidden
                && status?.Details?.Causes?.Any(c => c.Reason == "NamespaceTerminating") == true,
            DisruptionBudget = code == HttpStatusCode.TooManyRequests
                && status?.Details?.Causes?.Any(c => c.Reason == "DisruptionBudget") == true,
        };
    }

    private static string Word(string? reason) => string.IsNullOrEmpty(reason) ? "" : " " + OneLine.From(reason);

    private static V1Status? ReadStatus(string? body)
    {
        if (string.IsNullOrEmpty(body))
        {
            return null;
        }

        try
        {
            var status = KubernetesJson.Deserialize<V1Status>(body);
            return status?.Kind == "Status" ? status : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or NotSupportedException)
        {
            return null;
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessageWrapper? response, V1Status? status, TimeProvider clock)
    {
        string? text = null;
        if (response?.Headers is { } headers && headers.TryGetValue("Retry-After", out var values))
        {
            text = values.FirstOrDefault();
        }

        TimeSpan? wait = null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds))
        {
            wait = TimeSpan.FromSeconds(seconds);
        }
        else if (DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            wait = at - clock.GetUtcNow();
        }
        else if (status?.Details?.RetryAfterSeconds is { } told and > 0)
        {
            wait = TimeSpan.FromSeconds(told);
        }

        return wait is null ? null
            : wait < TimeSpan.Zero ? TimeSpan.Zero
            : wait > LongestRetryAfter ? LongestRetryAfter
            : wait;
    }

    private static string Innermost(Exception e) => OneLine.From(e.GetBaseException().Message);
}
