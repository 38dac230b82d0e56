using System.Globalization;
using System.Net;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Gcp;

namespace Talon.Actors.Outputs.GcpGcs;

/// <summary>
/// Stands next to the wire for one call of Google's library: asks the scope right before each request, and keeps what the library does not
/// tell of the answers.
/// </summary>
internal sealed class GcsRequests(HttpMessageHandler inner, CallScope scope, TimeProvider clock) : DelegatingHandler(inner)
{
    /// <summary>Whether bytes of the object were sent, or a question about them.</summary>
    public bool Uploading { get; private set; }

    /// <summary>Whether the last bytes of the object were sent and no answer said what became of them.</summary>
    public bool MayBeStored { get; private set; }

    /// <summary>How long the last answer asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    /// <summary>Why a request was not sent; null when all were.</summary>
    public string? Refused { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (GcpConnection.Refusal(scope) is { } refusal)
        {
            Refused = refusal;
            throw new OperationCanceledException(refusal, cancellationToken);
        }

        RetryAfter = null;
        bool uploads = request.Method == HttpMethod.Put;
        bool before = MayBeStored;
        Uploading |= uploads;
        MayBeStored |= uploads && IsLast(Range(request));
        var response = await base.SendAsync(request, cancellationToken);
        RetryAfter = GcpErrors.RetryAfter(response.Headers, clock);
        if (uploads)
        {
            MayBeStored = response.StatusCode switch
            {
                // Done, more is wanted, or another object is there: the next look at the object tells whose.
                < HttpStatusCode.MultipleChoices or HttpStatusCode.PermanentRedirect or HttpStatusCode.PreconditionFailed => false,
                HttpStatusCode.NotFound or HttpStatusCode.Gone or >= HttpStatusCode.InternalServerError => MayBeStored,

                // This request was refused; what became of an earlier one is as open as it was.
                _ => before,
            };
        }

        return response;
    }

    private static string Range(HttpRequestMessage request) =>
        request.Content is { } content && content.Headers.TryGetValues("Content-Range", out var values) ? values.First() : "";

    // "bytes 5-9/10", or "bytes */0" for an object without bytes.
    private static bool IsLast(string range)
    {
        string[] parts = range.Split('/');
        if (parts.Length != 2 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long total))
        {
            return false;
        }

        string end = parts[0][(parts[0].LastIndexOf('-') + 1)..];
        return total == 0 || (long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out long last) && last == total - 1);
    }
}
