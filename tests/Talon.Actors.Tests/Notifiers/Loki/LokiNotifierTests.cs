using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Notifiers.Loki;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Notifiers.Http;
using Talon.Actors.Tests.Pipeline.Notifying;

namespace Talon.Actors.Tests.Notifiers.Loki;

public sealed class LokiNotifierTests : IDisposable
{
    private const long Yesterday = 1_764_000_000_000_000_000;

    private readonly LokiStandIn _loki = new();
    private readonly NotifierHttp _http = new("loki", new TlsSettings("", "", "", false), TimeProvider.System);

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData(false, "push.json")]
    [InlineData(true, "push-metadata.json")]
    public async Task Push_RecordsOfEachKind_IsTheGoldenBody(bool withMetadata, string file)
    {
        await using var server = await LocalServer.StartAsync(_loki.AnswerAsync);

        Assert.IsType<NotifyResult.Delivered>(await Make(server.Url, withMetadata: withMetadata).SendAsync(Records.All, CancellationToken.None));
        var request = Assert.Single(server.Requests);
        Golden.AssertSame($"Loki/Golden/{file}", request.Unzipped());
        Assert.Equal(("POST", "/loki/api/v1/push"), (request.Method, request.Path));
        Assert.Equal(("application/json", "gzip", "falco-talon"), (request.Header("Content-Type"), request.Header("Content-Encoding"), request.Header("User-Agent")));
        Assert.Equal(6, _loki.Streams.Count);
    }

    [Fact]
    public async Task Push_TenantUserAndHeaders_AreSent()
    {
        await using var server = await LocalServer.StartAsync(_loki.AnswerAsync);
        var headers = ImmutableSortedDictionary.CreateRange(StringComparer.OrdinalIgnoreCase, new Dictionary<string, string>
        {
            ["X-One"] = "1",
            ["Authorization"] = "Bearer other",
            ["x-scope-orgid"] = "other",
            ["Content-Type"] = "text/plain",
            ["Content-Length"] = "1",
            ["User-Agent"] = "other",
        });

        Assert.IsType<NotifyResult.Delivered>(await Make($"{server.Url}/", "user", "key", "security", headers).SendAsync([Records.Success], CancellationToken.None));
        var request = Assert.Single(server.Requests);
        Assert.Equal($"Basic {Convert.ToBase64String("user:key"u8)}", request.Header("Authorization"));
        Assert.Equal(("security", "1", "application/json", "falco-talon"), (request.Header("X-Scope-OrgID"), request.Header("X-One"), request.Header("Content-Type"), request.Header("User-Agent")));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("user", "")]
    [InlineData("", "key")]
    public async Task Push_UserOrKeyIsMissing_HasNoLogin(string user, string key)
    {
        await using var server = await LocalServer.StartAsync(_loki.AnswerAsync);

        await Make(server.Url, user, key).SendAsync([Records.Success], CancellationToken.None);
        Assert.Null(Assert.Single(server.Requests).Header("Authorization"));
        Assert.Null(Assert.Single(server.Requests).Header("X-Scope-OrgID"));
    }

    [Fact]
    public async Task Push_UserStandsInTheUrl_IsTheLogin()
    {
        await using var server = await LocalServer.StartAsync(_loki.AnswerAsync);

        await Make(server.Url.Replace("http://", "http://me:p%40ss@", StringComparison.Ordinal)).SendAsync([Records.Success], CancellationToken.None);
        Assert.Equal($"Basic {Convert.ToBase64String("me:p@ss"u8)}", Assert.Single(server.Requests).Header("Authorization"));
    }

    [Fact]
    public async Task Push_SameMillisecond_StampsDifferAndStayOverAllTries()
    {
        int calls = 0;
        await using var server = await LocalServer.StartAsync((context, request) =>
            Interlocked.Increment(ref calls) == 1 ? LocalServer.AnswerAsync(context, 503, "the ingester is full", "text/plain") : _loki.AnswerAsync(context, request));
        var notifier = Make(server.Url);
        ImmutableArray<Notification> batch = [.. Enumerable.Range(1, 50).Select(number => Notifications.Of(number))];

        Assert.IsType<NotifyResult.Troubled>(await notifier.SendAsync(batch, CancellationToken.None));
        Assert.IsType<NotifyResult.Delivered>(await notifier.SendAsync(batch, CancellationToken.None));
        Assert.IsType<NotifyResult.Delivered>(await notifier.SendAsync(batch[25..], CancellationToken.None));
        Assert.Equal(server.Requests[0].Unzipped(), server.Requests[1].Unzipped());

        var lines = Assert.Single(_loki.Streams).Value;
        long first = Notifications.Of().At.ToUnixTimeMilliseconds() * 1_000_000;
        Assert.Equal(Enumerable.Range(0, 50).Select(number => first + number), lines.Select(line => line.Stamp));
        Assert.Equal(batch.Select(record => record.Id), lines.Select(line => JsonDocument.Parse(line.Line).RootElement.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Push_EventFields_AreNoLabels()
    {
        await using var server = await LocalServer.StartAsync(_loki.AnswerAsync);
        ImmutableArray<Notification> batch = [.. Enumerable.Range(1, 100).Select(number => Notifications.Of(number, objects: [("pod", $"pod-{number}")]) with
        {
            Event = $"event {number}", FalcoRule = $"rule {number}", Priority = $"priority {number}", TraceId = $"{number}", FailureKind = $"{number}",
        })];

        Assert.Equal(100, Make(server.Url).BatchSize);
        Assert.IsType<NotifyResult.Delivered>(await Make(server.Url).SendAsync(batch, CancellationToken.None));
        Assert.Equal(
            "{action=\"terminate_pod\", actionner=\"kubernetes:terminate\", message=\"action\", rule=\"shell\", status=\"success\"}",
            Assert.Single(_loki.Streams).Key);
    }

    [Fact]
    public async Task Push_MoreThanAMebibyte_IsSeveralRequests()
    {
        await using var server = await LocalServer.StartAsync(_loki.AnswerAsync);
        ImmutableArray<Notification> batch = [.. Enumerable.Range(1, 20).Select(number => Notifications.Of(number) with { Text = new string('x', 100_000) })];

        Assert.IsType<NotifyResult.Delivered>(await Make(server.Url).SendAsync(batch, CancellationToken.None));
        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.InRange(request.Unzipped().Length, 1, BatchParts.MostBytes + 1000));
        Assert.Equal(20, Assert.Single(_loki.Streams).Value.Count);
    }

    [Fact]
    public async Task Push_SecondPartFails_OnlyThatIsSentAgain()
    {
        int calls = 0;
        await using var server = await LocalServer.StartAsync((context, request) =>
            Interlocked.Increment(ref calls) == 2 ? LocalServer.AnswerAsync(context, 500, "no", "text/plain") : _loki.AnswerAsync(context, request));
        ImmutableArray<Notification> batch = [.. Enumerable.Range(1, 25).Select(number => Notifications.Of(number) with { Text = new string('x', 100_000) })];

        var troubled = Assert.IsType<NotifyResult.Troubled>(await Make(server.Url).SendAsync(batch, CancellationToken.None));
        Assert.Equal([.. Enumerable.Repeat(RecordEnd.Delivered, 10), .. Enumerable.Repeat(RecordEnd.Again, 15)], troubled.Ends.AsEnumerable());
        Assert.Equal(2, calls);
    }

    // The texts as the troubleshooting page of Loki has them.
    [Theory]
    [InlineData(400, "entry with timestamp 2026-11-25 10:00:00 +0000 UTC ignored, reason: 'entry too far behind, oldest acceptable timestamp is: 2026-11-25T11:00:00Z'")]
    [InlineData(400, "entry for stream '{rule=\"shell\"}' has timestamp too old: 2026-11-25T10:00:00Z, oldest acceptable timestamp is: 2026-11-26T10:00:00Z")]
    [InlineData(400, "couldn't parse push request: invalid character")]
    public async Task Push_BadRequest_IsDefinite(int status, string text)
    {
        await using var server = await LocalServer.StartAsync(status, text);

        Assert.StartsWith($"{status}: {text[..40]}", Assert.IsType<NotifyResult.Refused>(await Make(server.Url).SendAsync([Records.Success, Records.Failure], CancellationToken.None)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_RateLimit_WaitsAsLongAsAsked()
    {
        const string text = "ingestion rate limit exceeded for user security (limit: 4194304 bytes/sec) while attempting to ingest '2' lines totaling '2000' bytes";
        await using var server = await LocalServer.StartAsync(429, text, ("Retry-After", "30"));

        var troubled = Assert.IsType<NotifyResult.Troubled>(await Make(server.Url).SendAsync([Records.Success, Records.Failure], CancellationToken.None));
        Assert.Equal(($"429: {text}", TimeSpan.FromSeconds(30), true), (troubled.Reason, troubled.RetryAfter, troubled.Ends.IsEmpty));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task Push_NoOtherBatchWouldDo_EndsAllAtOnce(int status)
    {
        await using var server = await LocalServer.StartAsync(status, "no org id");

        var troubled = Assert.IsType<NotifyResult.Troubled>(await Make(server.Url).SendAsync([Records.Success, Records.Failure], CancellationToken.None));
        Assert.Equal([RecordEnd.Refused, RecordEnd.Refused], troubled.Ends.AsEnumerable());
        Assert.IsType<NotifyResult.Refused>(await Make(server.Url).SendAsync([Records.Success], CancellationToken.None));
    }

    [Fact]
    public async Task Push_OneLineIsTooOld_TheOthersAreThereOnceAfterHalving()
    {
        await using var server = await LocalServer.StartAsync(_loki.AnswerAsync);
        _loki.Oldest = Yesterday;
        var notifier = Make(server.Url);
        var old = Notifications.Of(1) with { At = DateTimeOffset.FromUnixTimeMilliseconds(0) };
        var others = Notifications.Of(2);

        var refused = Assert.IsType<NotifyResult.Refused>(await notifier.SendAsync([old, others], CancellationToken.None));
        Assert.Contains("has timestamp too old", refused.Reason, StringComparison.Ordinal);
        Assert.IsType<NotifyResult.Refused>(await notifier.SendAsync([old], CancellationToken.None));
        Assert.IsType<NotifyResult.Delivered>(await notifier.SendAsync([others], CancellationToken.None));
        Assert.Single(Assert.Single(_loki.Streams).Value);
    }

    [Fact]
    public async Task Push_MetadataForAnOldSchema_IsRefusedAndSaysWhy()
    {
        await using var server = await LocalServer.StartAsync(_loki.AnswerAsync);
        _loki.IsOldSchema = true;

        var refused = Assert.IsType<NotifyResult.Refused>(await Make(server.Url, withMetadata: true).SendAsync([Records.Success], CancellationToken.None));
        Assert.Contains("includes structured metadata, but this feature is disallowed", refused.Reason, StringComparison.Ordinal);
        Assert.IsType<NotifyResult.Delivered>(await Make(server.Url).SendAsync([Records.Success], CancellationToken.None));
    }

    // The stand-in is worth nothing if it takes what Loki does not.
    [Theory]
    [InlineData("application/json", "gzip", "{}", "gzip: invalid header")]
    [InlineData("application/json", "br", "{}", "not supported")]
    [InlineData("text/plain", null, "{}", "snappy: corrupt input")]
    [InlineData("application/json", null, "{\"streams\":[{\"stream\":{},\"values\":[]}]}", "at least one label pair")]
    [InlineData("application/json", null, "{\"streams\":[{\"stream\":{\"a-b\":\"c\"},\"values\":[]}]}", "error parsing labels")]
    [InlineData("application/json", null, "{\"streams\":[{\"stream\":{\"a\":\"c\"},\"values\":[[1,\"x\"]]}]}", "couldn't parse push request")]
    public async Task StandIn_WrongBody_IsRefused(string mediaType, string? encoding, string body, string text)
    {
        await using var server = await LocalServer.StartAsync(_loki.AnswerAsync);
        using var client = new HttpClient();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        using var response = await client.PostAsync(new Uri($"{server.Url}/loki/api/v1/push"), content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Matches(text, await response.Content.ReadAsStringAsync());
    }

    private LokiNotifier Make(
        string url, string user = "", string key = "", string tenant = "", ImmutableSortedDictionary<string, string>? headers = null, bool withMetadata = false) =>
        new(new LokiSettings(url, user, key, tenant, withMetadata, headers ?? ImmutableSortedDictionary<string, string>.Empty, new TlsSettings("", "", "", false)), _http);
}
