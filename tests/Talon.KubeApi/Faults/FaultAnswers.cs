using System.Globalization;
using System.Text;
using Talon.KubeApi.Api;

namespace Talon.KubeApi;

/// <summary>The answers of injected faults, in the form the real server gives them.</summary>
internal static class FaultAnswers
{
    public static ApiResponse Html502() => new(
        502,
        "text/html",
        Encoding.UTF8.GetBytes("<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<h1>502 Bad Gateway</h1>\r\n</body>\r\n</html>\r\n"));

    public static ApiResponse Empty200() => new(200, "application/json", ReadOnlyMemory<byte>.Empty);

    public static ApiResponse Of(FaultRule rule, RequestInfo request)
    {
        var retryAfter = rule.RetryAfterSeconds ?? (rule.Status == 429 ? 1 : null);
        if (rule.TextBody || (rule.Status == 429 && rule.Message is null))
            return Text(rule, retryAfter);
        if (rule.Message is null && rule.Reason is null && retryAfter is null)
        {
            switch (rule.Status)
            {
                case 401:
                    return Statuses.Unauthorized();
                case 403:
                    return Statuses.Forbidden(request, rule.User);
                case 422:
                    return Statuses.Rejected();
            }
        }

        return Statuses.Failure(rule.Status, rule.Reason ?? ReasonOf(rule.Status), rule.Message ?? MessageOf(rule.Status, request), [], retryAfter);
    }

    private static ApiResponse Text(FaultRule rule, int? retryAfter)
    {
        var response = ApiResponse.Text(rule.Status, rule.Message ?? (rule.Status == 429 ? "Too many requests, please try again later.\n" : $"injected {rule.Status}\n"));
        return retryAfter is { } seconds ? response.With("Retry-After", [seconds.ToString(CultureInfo.InvariantCulture)]) : response;
    }

    private static string? ReasonOf(int status) => status switch
    {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        409 => "Conflict",
        410 => "Expired",
        422 => "Invalid",
        429 => "TooManyRequests",
        500 => "InternalError",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => null,
    };

    private static string MessageOf(int status, RequestInfo request) => status switch
    {
        404 => "the server could not find the requested resource",
        409 => $"Operation cannot be fulfilled on {request.Resource} \"{request.Name}\": the object has been modified; please apply your changes to the latest version and try again",
        500 => "Internal error occurred: injected fault",
        503 => "the server is currently unable to handle the request",
        504 => "Timeout: request did not complete within the allotted timeout",
        _ => "injected fault",
    };
}
