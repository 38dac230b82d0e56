using System.Net;
using System.Net.Sockets;
using System.Text;
using Talon.Actors.Pipeline.Intake;
using Talon.Host.Ingress;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Ingress;

public sealed class FalcoEventEndpointTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/foo/bar")]
    [InlineData("//")]
    public async Task Post_MatchingEvent_IsHandedOnAndAnsweredEmpty(string path)
    {
        await using var server = await TestServer.StartAsync();

        var response = await server.Client.PostAsync(new Uri(server.Address.AbsoluteUri.TrimEnd('/') + path), new StringContent(TestEvents.Shell));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, response.Content.Headers.ContentLength);
        var (falcoEvent, plan, traceId) = Assert.Single(server.Intake.Taken);
        Assert.Equal("A shell (user=svc)", falcoEvent.Output);
        Assert.Equal("cart-0", falcoEvent.PodName);
        Assert.Equal("Shell", Assert.Single(plan.Rules).Name);
        Assert.Matches("^[0-9a-f]{32}$", traceId);
        await server.AssertMetricAsync("falcosecurity_falco_talon_events_total{event=\"Terminal shell in container\",priority=\"Notice\"}", 1);
    }

    [Fact]
    public async Task Post_EventThatNoRuleMatches_IsCountedAndGoesNoFurther()
    {
        await using var server = await TestServer.StartAsync();

        var response = await server.PostAsync(TestEvents.Other);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync());
        Assert.Empty(server.Intake.Taken);
        await server.AssertMetricAsync("talon_ingress_unmatched_total", 1);
        await server.AssertMetricAsync("falcosecurity_falco_talon_events_total{event=\"Other rule\",priority=\"Debug\",source=\"syscall\"}", 1);
    }

    [Fact]
    public async Task Post_EmptyObject_IsAcceptedAndCountedIncomplete()
    {
        await using var server = await TestServer.StartAsync();

        var response = await server.PostAsync("{}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await server.AssertMetricAsync("talon_ingress_incomplete_total", 1);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{", "not valid JSON")]
    [InlineData("null", "not an object")]
    [InlineData("[]", "not an object")]
    [InlineData("\"x\"", "not an object")]
    [InlineData("12:00:00.000000000: Notice plain text", "not valid JSON")]
    [InlineData("{\"rule\":5}", "'rule' must be a string")]
    [InlineData("{\"time\":\"yesterday\"}", "'time' is not an RFC 3339 time stamp")]
    [InlineData("{\"output_fields\":[]}", "'output_fields' must be an object")]
    [InlineData("{\"tags\":{}}", "'tags' must be a list")]
    public async Task Post_BodyThatIsNoEvent_Is400WithTheOriginalsTextAndAReason(string body, string reason)
    {
        await using var server = await TestServer.StartAsync();

        var response = await server.PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        string text = await response.Content.ReadAsStringAsync();
        Assert.StartsWith("Please send a valid request body", text, StringComparison.Ordinal);
        Assert.Contains(reason, text, StringComparison.Ordinal);
        Assert.Equal(1, text.Count(c => c == '\n'));
        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        await server.AssertMetricAsync("talon_ingress_refused_total{cause=\"body\"}", 1);
    }

    [Fact]
    public async Task Post_CompressedBody_Is400AndSaysSo()
    {
        await using var server = await TestServer.StartAsync();
        using var content = new ByteArrayContent([0x1f, 0x8b, 8, 0]);
        content.Headers.ContentEncoding.Add("gzip");

        var response = await server.Client.PostAsync("/", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("compressed bodies are not read", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Request_OtherMethod_Is400(string method)
    {
        await using var server = await TestServer.StartAsync();

        var response = await server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("Please send with POST http method\n", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_BodyOverTheCap_Is413(bool chunked)
    {
        await using var server = await TestServer.StartAsync(ingress: new IngressOptions { MaxBody = 2048 });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(Padded(2049)) };
        request.Headers.TransferEncodingChunked = chunked;

        var response = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("the body is larger than 2048 bytes (ingress.max_body)\n", await response.Content.ReadAsStringAsync());
        Assert.Empty(server.Intake.Taken);
        await server.AssertMetricAsync("talon_ingress_refused_total{cause=\"size\"}", 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_BodyAtTheCap_IsTaken(bool chunked)
    {
        const int Cap = 256 * 1024;
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(Padded(Cap)) };
        request.Headers.TransferEncodingChunked = chunked;

        var response = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Cap, Assert.Single(server.Intake.Taken).Event.Raw.Length);
    }

    [Fact]
    public async Task Post_MoreBodiesThanTheBudget_Is503AtOnceAndTheRoomComesBack()
    {
        await using var server = await TestServer.StartAsync(ingress: new IngressOptions { MaxBody = 1024 * 1024 });
        var go = new TaskCompletionSource<IntakeResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Intake.Answer = _ => go.Task;
        string megabyte = Padded(1024 * 1024);

        var held = Enumerable.Range(0, 64).Select(_ => server.PostAsync(megabyte)).ToList();
        await Eventually.TrueAsync(() => server.Intake.Taken.Count == 64, "64 MiB held");
        var refused = await server.PostAsync(TestEvents.Shell);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        Assert.Contains("too many event bodies", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        go.SetResult(new IntakeResult.Accepted("k-1"));
        Assert.All(await Task.WhenAll(held), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(TestEvents.Shell)).StatusCode);
    }

    [Fact]
    public async Task Post_IntakeRefuses_Is503WithRetryAfterAndReason()
    {
        await using var server = await TestServer.StartAsync();
        server.Intake.Answer = _ => Task.FromResult<IntakeResult>(new IntakeResult.Refused("full", "5000 events are unfinished", TimeSpan.FromSeconds(2.2)));

        var response = await server.PostAsync(TestEvents.Shell);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(3), response.Headers.RetryAfter?.Delta);
        Assert.Equal("5000 events are unfinished\n", await response.Content.ReadAsStringAsync());
        await server.AssertMetricAsync("talon_ingress_refused_total{cause=\"full\"}", 1);
        Assert.Contains(await server.StopAndReadLogAsync(), line =>
            line.Contains("\"level\":\"warn\"", StringComparison.Ordinal) && line.Contains("cause full", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_FaultBehindTheDoor_Is503CountedAndLoggedWithItsTraceId(bool isCancellation)
    {
        await using var server = await TestServer.StartAsync();
        server.Intake.Answer = _ => throw (isCancellation ? new OperationCanceledException("broken door") : new InvalidOperationException("broken door"));

        var response = await server.PostAsync(TestEvents.Shell);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
        Assert.DoesNotContain("broken door", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await server.AssertMetricAsync("talon_ingress_refused_total{cause=\"fault\"}", 1);
        string traceId = Assert.Single(server.Intake.Taken).TraceId;
        Assert.Contains(await server.StopAndReadLogAsync(), line =>
            line.Contains("\"level\":\"error\"", StringComparison.Ordinal) && line.Contains(traceId, StringComparison.Ordinal)
            && line.Contains("broken door", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_Duplicate_Is200AndCounted()
    {
        await using var server = await TestServer.StartAsync();
        server.Intake.Answer = _ => Task.FromResult<IntakeResult>(new IntakeResult.Duplicate());

        var response = await server.PostAsync(TestEvents.Shell);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync());
        await server.AssertMetricAsync("talon_duplicates_total", 1);
    }

    [Fact]
    public async Task Post_ClientGoesAwayWhileTheEventIsBeingAccepted_CancelsTheIntake()
    {
        await using var server = await TestServer.StartAsync();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Intake.Answer = async token =>
        {
            using var registration = token.Register(cancelled.SetResult);
            await cancelled.Task;
            token.ThrowIfCancellationRequested();
            return new IntakeResult.Duplicate();
        };
        using var gone = new CancellationTokenSource();

        var post = server.Client.PostAsync("/", new StringContent(TestEvents.Shell), gone.Token);
        await Eventually.TrueAsync(() => !server.Intake.Taken.IsEmpty, "the event is at the intake");
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => post);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await server.AssertMetricAsync("talon_ingress_refused_total{cause=\"aborted\"}", 1);
    }

    [Fact]
    public async Task Post_ConnectionEndsInTheMiddleOfTheBody_TakesNothingIn()
    {
        await using var server = await TestServer.StartAsync();
        using (var socket = await ConnectAsync(server))
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n{\"rule\":"));
            socket.Shutdown(SocketShutdown.Send);
            await ReadAllAsync(socket);
        }

        Assert.Empty(server.Intake.Taken);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(TestEvents.Shell)).StatusCode);
        Assert.DoesNotContain(await server.StopAndReadLogAsync(), line => line.Contains("\"level\":\"error\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_BodyArrivesTooSlowly_Is400()
    {
        await using var server = await TestServer.StartAsync();
        using var socket = await ConnectAsync(server);
        await socket.SendAsync(Encoding.ASCII.GetBytes("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n{"));

        string answer = await ReadAllAsync(socket);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("Please send a valid request body: ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_BrokenChunk_Is400()
    {
        await using var server = await TestServer.StartAsync();
        using var socket = await ConnectAsync(server);
        await socket.SendAsync(Encoding.ASCII.GetBytes("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"));

        string answer = await ReadAllAsync(socket);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("Please send a valid request body", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WithTraceparent_CarriesItsTraceIdOn()
    {
        await using var server = await TestServer.StartAsync();
        server.Client.DefaultRequestHeaders.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

        await server.PostAsync(TestEvents.Shell);

        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", Assert.Single(server.Intake.Taken).TraceId);
        Assert.Empty(await server.StopAndReadLogAsync());
    }

    [Fact]
    public async Task Post_PrintAllEvents_TellsEveryEventUnderTheIdItIsHandedOnWith()
    {
        await using var server = await TestServer.StartAsync(ingress: new IngressOptions { PrintAllEvents = true });

        await server.PostAsync(TestEvents.Other);
        await server.PostAsync(TestEvents.Shell);

        string traceId = Assert.Single(server.Intake.Taken).TraceId;
        var lines = await server.StopAndReadLogAsync();
        Assert.Equal(2, lines.Count);
        Assert.StartsWith("""{"level":"info","event":"Other rule","priority":"Debug","source":"syscall","output":"nothing","trace_id":""", lines[0], StringComparison.Ordinal);
        Assert.Contains($"\"output\":\"A shell (user=svc)\",\"trace_id\":\"{traceId}\",\"time\":", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("\"message\":\"event\"}", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_AllSampleEvents_AreTakenAndNoneBreaksAnything()
    {
        await using var server = await TestServer.StartAsync(TestRules.Shell + "\n\n- rule: Everything\n  match:\n    source: syscall\n  actions:\n    - action: Terminate Pod\n");
        string[] events = [.. TestEvents.All()];

        var statuses = new List<HttpStatusCode>();
        foreach (var chunk in events.Chunk(20))
        {
            statuses.AddRange((await Task.WhenAll(chunk.Select(line => server.PostAsync(line)))).Select(response => response.StatusCode));
        }

        Assert.Equal(600, statuses.Count);
        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.NotEmpty(server.Intake.Taken);
        Assert.Empty(await server.StopAndReadLogAsync());
    }

    private static string Padded(int length)
    {
        string head = TestEvents.Shell.TrimEnd('}', '\n') + "},\"x\":\"";
        return head + new string('p', length - head.Length - 2) + "\"}";
    }

    private static async Task<Socket> ConnectAsync(TestServer server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        return socket;
    }

    private static async Task<string> ReadAllAsync(Socket socket)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var text = new StringBuilder();
        byte[] buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, deadline.Token) is > 0 and var count)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }

        return text.ToString();
    }
}
