using System.Text;
using System.Text.Json;
using Talon.Actors.Clients.Calls;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Aws;

/// <summary>
/// The part of the API of AWS Lambda that Talon uses. Each call sends one request and nothing below repeats it: the SDK's pipeline would, on a
/// connection that was reset, even when it is told to make no retries.
/// </summary>
internal sealed class LambdaClient(AwsConnection connection)
{
    /// <summary>How many bytes of what a function returns are read at most: 256 KiB.</summary>
    public const int MostRead = 256 * 1024;

    private const string Version = "2015-03-31";
    private const int MostOfAnError = 16 * 1024;

    private static readonly TimeSpan FindTime = TimeSpan.FromSeconds(10);

    // What ends sooner was out of time before it began, and tells nothing of AWS.
    private static readonly TimeSpan FairWait = TimeSpan.FromSeconds(1);

    /// <summary>Whether the function is there. Null when it is, otherwise why that is not known or not so. Waits at most 10 s.</summary>
    public async Task<AwsError?> FindAsync(string function, CallScope scope)
    {
        string doing = $"find the function {function} (lambda:GetFunction)";
        using var time = new CancellationTokenSource(FindTime, connection.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(scope.Token, time.Token);
        long start = connection.Clock.GetTimestamp();
        var (response, error) = await SendAsync(HttpMethod.Get, ["functions", function], [], [], default, doing, scope, either.Token);
        if (error?.Kind == FailureKind.Timeout && connection.Clock.GetElapsedTime(start) >= FairWait)
        {
            scope.Note(reached: false);
        }

        if (response is null)
        {
            return error;
        }

        // What a success carries is not read: it holds an address from which anyone can load the code.
        using (response)
        {
            return null;
        }
    }

    /// <summary>Calls the function once.</summary>
    public async Task<LambdaResult> InvokeAsync(LambdaCall call, CallScope scope)
    {
        string doing = $"call the function {call.Function}";
        List<(string, string)> headers = [("X-Amz-Invocation-Type", call.InvocationType)];
        if (call.ClientContext is { } context)
        {
            headers.Add(("X-Amz-Client-Context", Convert.ToBase64String(Encoding.UTF8.GetBytes(context))));
        }

        var (response, error) = await SendAsync(HttpMethod.Post, ["functions", call.Function, "invocations"], [("Qualifier", call.Qualifier)], headers, call.Payload, doing, scope, scope.Token);
        if (response is null)
        {
            return new LambdaResult(null, error);
        }

        using (response)
        {
            try
            {
                var (payload, isCut) = await ReadAsync(response.Content, MostRead, scope.Token);
                return new LambdaResult(new LambdaAnswer((int)response.StatusCode, Header(response, "X-Amz-Function-Error"), payload, isCut), null);
            }
            catch (Exception e) when (AwsErrors.TryClassify(e, doing, connection.Clock, out var broken))
            {
                return new LambdaResult(null, broken);
            }
        }
    }

    // The suffix is that of the partition: amazonaws.com.cn in China.
    private Uri EndpointOf(AwsAccess access) =>
        connection.Endpoint("LAMBDA") ?? new Uri($"https://{(connection.UsesFips ? "lambda-fips" : "lambda")}.{access.Region.SystemName}.{access.Region.PartitionDnsSuffix}");

    // A response with a status of 2xx whose body has not been read, or an error.
    private async Task<(HttpResponseMessage? Response, AwsError? Error)> SendAsync(
        HttpMethod method, string[] path, IReadOnlyList<(string, string)> query, IReadOnlyList<(string, string)> headers, ReadOnlyMemory<byte> body, string doing, CallScope scope, CancellationToken token)
    {
        if (Refusal(scope) is { } early)
        {
            return (null, NotSent(doing, early));
        }

        HttpRequestMessage request;
        AwsAccess? access;
        try
        {
            if (!(await connection.ConnectAsync(token)).TryGet(out access, out var missing))
            {
                scope.Note(reached: false);
                return (null, missing with { Message = $"cannot {doing}: {missing.Message}" });
            }

            var credentials = await access.Credentials.GetCredentialsAsync().WaitAsync(token);
            request = AwsSignature.Request(method, EndpointOf(access), [Version, .. path], query, headers, body, credentials, access.Region.SystemName, "lambda");
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return (null, NotSent(doing, "no credentials of AWS before the deadline"));
        }

        using (request)
        {
            if (Refusal(scope) is { } refusal)
            {
                return (null, NotSent(doing, refusal));
            }

            HttpResponseMessage? response = null;
            try
            {
                response = await connection.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
                int status = (int)response.StatusCode;
                scope.Note(reached: status != 503);
                if (response.IsSuccessStatusCode)
                {
                    var taken = response;
                    response = null;
                    return (taken, null);
                }

                return (null, await RefusedAsync(response, $"{doing} in {access.Region.SystemName}", token));
            }
            catch (Exception e) when (AwsErrors.TryClassify(e, doing, connection.Clock, out var error))
            {
                // That there is no answer in time may be the function's doing.
                if (error.Kind == FailureKind.Unreachable)
                {
                    scope.Note(reached: false);
                }

                return (null, error);
            }
            finally
            {
                response?.Dispose();
            }
        }
    }

    private async Task<AwsError> RefusedAsync(HttpResponseMessage response, string doing, CancellationToken cancellationToken)
    {
        // What the status says stands, whatever becomes of the rest.
        string code = "";
        string text = "";
        try
        {
            var (body, _) = await ReadAsync(response.Content, MostOfAnError, cancellationToken);
            (code, text) = Said(body);
        }
        catch (Exception e) when (AwsErrors.TryClassify(e, doing, connection.Clock, out _))
        {
            text = "";
        }

        // For instance ResourceNotFoundException:http://internal.amazon.com/….
        string named = Header(response, "X-Amzn-ErrorType")?.Split(':')[0] ?? code;
        return AwsErrors.FromAnswer(doing, (int)response.StatusCode, named, text, Header(response, "Retry-After"), connection.Clock);
    }

    private static (string Code, string Text) Said(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            string Get(string name) => json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : "";
            string type = Get("__type");
            return (type[(type.IndexOf('#', StringComparison.Ordinal) + 1)..], Get("message") is { Length: > 0 } text ? text : Get("Message"));
        }
        catch (JsonException)
        {
            return ("", "");
        }
    }

    private static async Task<(ReadOnlyMemory<byte> Bytes, bool IsCut)> ReadAsync(HttpContent content, int most, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var read = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            int count = await stream.ReadAsync(buffer, cancellationToken);
            if (count == 0)
            {
                return (read.ToArray(), false);
            }

            int fits = Math.Min(count, most - (int)read.Length);
            read.Write(buffer, 0, fits);
            if (fits < count)
            {
                return (read.ToArray(), true);
            }
        }
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static string? Refusal(CallScope scope) => scope.Refusal() ?? (scope.Token.IsCancellationRequested ? "the action was stopped" : null);

    private static AwsError NotSent(string doing, string why) => new(FailureKind.NotSent, $"did not {doing}: {why}");
}
