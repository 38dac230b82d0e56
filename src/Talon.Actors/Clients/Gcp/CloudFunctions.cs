using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Gcp;

/// <summary>Finds the address of a function, and calls it: one request, whatever comes of it.</summary>
internal sealed class CloudFunctions(GcpConnection connection)
{
    private const int ShownBytes = 64 * 1024;
    private const int MaxErrorBytes = 8 * 1024;

    // More than a function should say; what comes after it is left unread.
    private const long MaxBodyBytes = GcpTransport.MaxAnswerBytes;

    private static readonly TimeSpan AddressLife = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<CloudFunction, Address> _addresses = new();

    /// <summary>The URL of a function, as Google says it. Known for 5 minutes.</summary>
    public async Task<GcpResult<string>> FindAsync(CloudFunction function, CallScope scope)
    {
        if (_addresses.TryGetValue(function, out var known) && connection.Clock.GetElapsedTime(known.At) < AddressLife)
        {
            return known.Url;
        }

        string doing = $"look up {function}";
        if (!(await connection.AccessTokenAsync(scope)).TryGet(out string? token, out var error))
        {
            return error;
        }

        if (GcpConnection.Refusal(scope) is { } refusal)
        {
            return new GcpError(FailureKind.NotSent, $"did not {doing}: {refusal}");
        }

        try
        {
            string path = $"v2/projects/{Uri.EscapeDataString(function.Project)}/locations/{Uri.EscapeDataString(function.Location)}/functions/{Uri.EscapeDataString(function.Name)}";
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{connection.Services.FunctionsUrl}/{path}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await connection.Transport.Client.SendAsync(request, scope.Token);
            scope.Note(response.StatusCode != HttpStatusCode.ServiceUnavailable);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                connection.Forget();
            }

            string body = await response.Content.ReadAsStringAsync(scope.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return GcpErrors.FromStatus(response.StatusCode, doing, MessageOf(body), GcpErrors.RetryAfter(response.Headers, connection.Clock));
            }

            if (UrlOf(body) is not { } url)
            {
                return new GcpError(FailureKind.Rejected, $"cannot {doing}: it has no URL that begins with https; is it deployed?");
            }

            _addresses[function] = new Address(url, connection.Clock.GetTimestamp());
            return url;
        }
        catch (Exception e) when (GcpErrors.TryClassify(e, doing, out error))
        {
            NoteFailure(scope, error);
            return error;
        }
    }

    /// <summary>Sends one POST to a function. A kind that is not provably not done says that it may have acted.</summary>
    public async Task<GcpResult<FunctionAnswer>> CallAsync(CloudFunction function, FunctionCall call, CallScope scope)
    {
        if (!(await FindAsync(function, scope)).TryGet(out string? url, out var error))
        {
            return error.Unsent;
        }

        if (!(await connection.IdTokenAsync(url, scope)).TryGet(out string? token, out error))
        {
            NoteFailure(scope, error);
            return error.Unsent;
        }

        string doing = $"call {function}";
        if (GcpConnection.Refusal(scope) is { } refusal)
        {
            return new GcpError(FailureKind.NotSent, $"did not {doing}: {refusal}");
        }

        using var timeout = new CancellationTokenSource(call.Timeout, connection.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, scope.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(call.Payload) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.Add("Idempotency-Key", call.IdempotencyKey);
            request.Headers.Add("Talon-Attempt", call.Attempt);
            using var response = await connection.Transport.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token);
            scope.Note(reached: true);
            if (!response.IsSuccessStatusCode)
            {
                return await RefusedAsync(function, response, doing, token, stop.Token);
            }

            using var capture = new OutputCapture(ShownBytes, MaxBodyBytes);
            await ReadAsync(response, capture, stop.Token);
            return new FunctionAnswer((int)response.StatusCode, capture.Bytes == 0 ? null : Without(token, capture.ToCaptured("function_response", inline: false)));
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !scope.Token.IsCancellationRequested && e.InnerException is not TimeoutException)
        {
            return new GcpError(FailureKind.Timeout, $"cannot {doing}: no answer within {call.Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception e) when (GcpErrors.TryClassify(e, doing, out error))
        {
            return error;
        }
    }

    private static void NoteFailure(CallScope scope, GcpError error)
    {
        if (error.Kind == FailureKind.Unreachable || error.Code == (int)HttpStatusCode.ServiceUnavailable)
        {
            scope.Note(reached: false);
        }
    }

    private static async Task ReadAsync(HttpResponseMessage response, OutputCapture capture, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[16 * 1024];
        int read;
        do
        {
            read = await stream.ReadAsync(buffer, cancellationToken);
        }
        while (read > 0 && await capture.TakeAsync(buffer.AsMemory(0, read), cancellationToken));
    }

    // A function may show what it was sent.
    private static CapturedText Without(string token, CapturedText text) => text with { Text = Without(token, text.Text) };

    private static string Without(string token, string text) => text.Replace(token, "[token]", StringComparison.Ordinal);

    private static string? MessageOf(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
                ? message.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The second generation has it in serviceConfig; the first, and newer answers, in url.
    private static string? UrlOf(string body)
    {
        using var json = JsonDocument.Parse(body);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        string? text = json.RootElement.TryGetProperty("serviceConfig", out var service) && service.ValueKind == JsonValueKind.Object && TextOf(service, "uri") is { } uri
            ? uri
            : TextOf(json.RootElement, "url");
        return Uri.TryCreate(text, UriKind.Absolute, out var parsed) && parsed.UserInfo.Length == 0
            && (parsed.Scheme == Uri.UriSchemeHttps || (parsed.Scheme == Uri.UriSchemeHttp && parsed.IsLoopback))
            ? text
            : null;
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private async Task<GcpError> RefusedAsync(CloudFunction function, HttpResponseMessage response, string doing, string token, CancellationToken cancellationToken)
    {
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            _addresses.TryRemove(function, out _);
        }

        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            connection.Forget();
        }

        var retryAfter = GcpErrors.RetryAfter(response.Headers, connection.Clock);
        using var capture = new OutputCapture(MaxErrorBytes, MaxErrorBytes);
        try
        {
            await ReadAsync(response, capture, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // The status says enough.
        }

        return GcpErrors.FromStatus(response.StatusCode, doing, Without(token, capture.ToCaptured("", inline: false).Text), retryAfter);
    }

    private sealed record Address(string Url, long At);
}
