using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Talon.Actors.Notifiers.Elasticsearch;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Notifiers.Http;
using Talon.Actors.Tests.Pipeline.Notifying;

namespace Talon.Actors.Tests.Notifiers.Elasticsearch;

public sealed class ElasticsearchNotifierTests
{
    private readonly ElasticsearchStandIn _elastic = new();

    [Theory]
    [InlineData(false, "bulk.ndjson")]
    [InlineData(true, "bulk-data-stream.ndjson")]
    public async Task Bulk_RecordsOfEachKind_IsTheGoldenBody(bool toStream, string file)
    {
        await using var server = await LocalServer.StartAsync(_elastic.AnswerAsync);

        Assert.IsType<NotifyResult.Delivered>(await Elastic.Make(Without(server) with { DataStream = toStream }).SendAsync(Records.All, CancellationToken.None));
        var request = Assert.Single(server.Requests);
        Golden.AssertSame($"Elasticsearch/Golden/{file}", request.Body);
        Assert.Equal(("POST", "application/x-ndjson", "falco-talon"), (request.Method, request.Header("Content-Type"), request.Header("User-Agent")));
        Assert.Equal(Records.All.Length, _elastic.Documents.Count);
    }

    [Theory]
    [InlineData(nameof(IndexSuffix.Daily), "falco-talon-2026.11.24")]
    [InlineData(nameof(IndexSuffix.Monthly), "falco-talon-2026.11")]
    [InlineData(nameof(IndexSuffix.Annually), "falco-talon-2026")]
    [InlineData(nameof(IndexSuffix.None), "falco-talon")]
    public void Index_HasTheDateOfTheRecordInUtc(string suffix, string index)
    {
        var record = Records.Success with { At = new DateTimeOffset(2026, 11, 25, 1, 0, 0, TimeSpan.FromHours(5)) };
        var settings = Elastic.Settings("http://x") with { Suffix = Enum.Parse<IndexSuffix>(suffix) };

        Assert.Equal(index, BulkBody.IndexOf(record, settings));
        Assert.Equal("falco-talon", BulkBody.IndexOf(record, settings with { DataStream = true }));
    }

    [Fact]
    public async Task Bulk_SomeFail_EachRecordHasItsEnd()
    {
        await using var server = await LocalServer.StartAsync(_elastic.AnswerAsync);
        ImmutableArray<Notification> batch = [.. Enumerable.Range(1, 7).Select(number => Notifications.Of(number))];
        var notifier = Elastic.Make(Without(server));
        await notifier.SendAsync([batch[0]], CancellationToken.None);
        _elastic.Failing[batch[2].Id] = 429;
        _elastic.Failing[batch[3].Id] = 400;
        _elastic.Failing[batch[4].Id] = 503;
        _elastic.Failing[batch[5].Id] = 403;

        var troubled = Assert.IsType<NotifyResult.Troubled>(await notifier.SendAsync(batch, CancellationToken.None));
        Assert.Equal(
            [RecordEnd.Delivered, RecordEnd.Delivered, RecordEnd.Again, RecordEnd.Refused, RecordEnd.Again, RecordEnd.Refused, RecordEnd.Delivered],
            troubled.Ends.AsEnumerable());
        Assert.Contains("429: es_rejected_execution_exception: [1:2] the document", troubled.Reason, StringComparison.Ordinal);
        Assert.Contains("400: document_parsing_exception", troubled.Reason, StringComparison.Ordinal);
        Assert.Equal(3, _elastic.Documents.Count);
    }

    [Fact]
    public async Task Bulk_SentAgain_IsThereOnce()
    {
        await using var server = await LocalServer.StartAsync(_elastic.AnswerAsync);
        var notifier = Elastic.Make(Without(server));

        Assert.IsType<NotifyResult.Delivered>(await notifier.SendAsync(Records.All, CancellationToken.None));
        Assert.IsType<NotifyResult.Delivered>(await notifier.SendAsync(Records.All, CancellationToken.None));
        Assert.Equal(Records.All.Length, _elastic.Documents.Count);
    }

    [Fact]
    public async Task Bulk_OneDocumentIsRefused_SaysWhy()
    {
        await using var server = await LocalServer.StartAsync(_elastic.AnswerAsync);
        _elastic.Failing[Records.Success.Id] = 400;

        var refused = Assert.IsType<NotifyResult.Refused>(await Elastic.Make(Without(server)).SendAsync([Records.Success], CancellationToken.None));
        Assert.StartsWith("400: document_parsing_exception: ", refused.Reason, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string, string, string> Logins { get; } = new()
    {
        { "", "talon", "pass", "", $"Basic {Convert.ToBase64String("talon:pass"u8)}" },
        { "", "", "", "id:key", $"ApiKey {Convert.ToBase64String("id:key"u8)}" },
        { "", "", "", "aWQ6a2V5", "ApiKey aWQ6a2V5" },
        { "me:p%40ss@", "", "", "", $"Basic {Convert.ToBase64String("me:p@ss"u8)}" },
    };

    [Theory]
    [MemberData(nameof(Logins))]
    public async Task Requests_EachOfThem_HasTheLoginAndTheHeaders(string inUrl, string user, string password, string key, string authorization)
    {
        var elastic = new ElasticsearchStandIn { Authorization = authorization };
        await using var server = await LocalServer.StartAsync(elastic.AnswerAsync);
        var settings = Elastic.Settings(server.Url.Replace("http://", $"http://{inUrl}", StringComparison.Ordinal)) with
        {
            User = user,
            Password = password,
            ApiKey = key,
            CreateIndexTemplate = true,
            CustomHeaders = ImmutableSortedDictionary<string, string>.Empty.Add("X-One", "1"),
        };

        Assert.IsType<NotifyResult.Delivered>(await Elastic.Make(settings).SendAsync([Records.Success], CancellationToken.None));
        Assert.Equal(["GET", "PUT", "POST"], server.Requests.Select(request => request.Method));
        Assert.All(server.Requests, request => Assert.Equal("1", request.Header("X-One")));
    }

    [Fact]
    public async Task Bulk_NotLetIn_EndsAllAtOnce()
    {
        var elastic = new ElasticsearchStandIn { Authorization = "Basic other" };
        await using var server = await LocalServer.StartAsync(elastic.AnswerAsync);

        var troubled = Assert.IsType<NotifyResult.Troubled>(await Elastic.Make(Without(server)).SendAsync([Records.Success, Records.Failure], CancellationToken.None));
        Assert.Equal([RecordEnd.Refused, RecordEnd.Refused], troubled.Ends.AsEnumerable());
        Assert.Contains("missing authentication credentials", troubled.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bulk_OpenSearch_IsAskedForNothingElse()
    {
        var elastic = new ElasticsearchStandIn { SaysItsName = false };
        await using var server = await LocalServer.StartAsync(elastic.AnswerAsync);

        Assert.IsType<NotifyResult.Delivered>(await Elastic.Make(Elastic.Settings(server.Url) with { CreateIndexTemplate = true }).SendAsync([Records.Success], CancellationToken.None));
        Assert.Equal(["/_index_template/falco-talon", "/_index_template/falco-talon", "/_bulk"], server.Requests.Select(request => request.Path.Split('?')[0]));
    }

    [Theory]
    [InlineData("<html>the page of a gateway</html>", 0)]
    [InlineData("", 0)]
    [InlineData("{\"errors\":true,\"items\":[]}", 0)]
    [InlineData("{\"errors\":true,\"items\":[{\"create\":{\"status\":201}},{\"create\":{\"sta", 1)]
    [InlineData("{\"errors\":true,\"items\":[{\"create\":{}}]}", 0)]
    [InlineData("{\"errors\":true,\"items\":[{}]}", 0)]
    public async Task Bulk_AnswerIsNotWhole_WhatItTellsCountsAndTheRestIsSentAgain(string answer, int told)
    {
        await using var server = await LocalServer.StartAsync(200, answer);

        var troubled = Assert.IsType<NotifyResult.Troubled>(await Elastic.Make(Without(server)).SendAsync([Records.Success, Records.Failure], CancellationToken.None));
        Assert.Equal([.. Enumerable.Repeat(RecordEnd.Delivered, told), .. Enumerable.Repeat(RecordEnd.Again, 2 - told)], troubled.Ends.AsEnumerable());
    }

    [Fact]
    public async Task Bulk_PasswordIsAWordOfTheAnswer_ItIsReadAllTheSame()
    {
        await using var server = await LocalServer.StartAsync(_elastic.AnswerAsync);

        Assert.IsType<NotifyResult.Delivered>(await Elastic.Make(Without(server) with { User = "u", Password = "status" }).SendAsync([Records.Success], CancellationToken.None));
        _elastic.Failing[Records.Failure.Id] = 400;
        Assert.IsType<NotifyResult.Refused>(await Elastic.Make(Without(server) with { User = "u", Password = "status" }).SendAsync([Records.Failure], CancellationToken.None));
    }

    [Fact]
    public async Task Bulk_MoreThanAMebibyte_IsSeveralRequests()
    {
        await using var server = await LocalServer.StartAsync(_elastic.AnswerAsync);
        ImmutableArray<Notification> batch = [.. Enumerable.Range(1, 20).Select(number => Notifications.Of(number) with { Text = new string('x', 100_000) })];
        _elastic.Failing[batch[3].Id] = 400;

        var troubled = Assert.IsType<NotifyResult.Troubled>(await Elastic.Make(Without(server)).SendAsync(batch, CancellationToken.None));
        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.InRange(request.Body.Length, 1, BatchParts.MostBytes));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => i == 3 ? RecordEnd.Refused : RecordEnd.Delivered), troubled.Ends.AsEnumerable());
        Assert.Equal(100, Elastic.Make(Without(server)).BatchSize);
    }

    [Fact]
    public async Task Bulk_DataStream_HasATimestampAndNoSuffix()
    {
        await using var server = await LocalServer.StartAsync(_elastic.AnswerAsync);
        var settings = Elastic.Settings(server.Url) with { CreateIndexTemplate = true, DataStream = true, Index = "logs-talon-default" };

        Assert.IsType<NotifyResult.Delivered>(await Elastic.Make(settings).SendAsync(Records.All, CancellationToken.None));
        Assert.All(_elastic.Documents.Keys, key => Assert.Equal("logs-talon-default", key.Index));
    }

    // The stand-in is worth nothing if it takes what Elasticsearch does not.
    [Theory]
    [InlineData("application/x-ndjson", "{\"create\":{\"_index\":\"i\",\"_id\":\"1\"}}\n{}", 400, "must be terminated by a newline")]
    [InlineData("application/x-ndjson", "{\"create\"\n{}\n", 400, "json_parse_exception")]
    [InlineData("text/plain", "{}\n", 406, "is not supported")]
    public async Task StandIn_WrongBody_IsRefused(string mediaType, string body, int status, string text)
    {
        await using var server = await LocalServer.StartAsync(_elastic.AnswerAsync);
        using var client = new HttpClient();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };

        using var response = await client.PostAsync(new Uri($"{server.Url}/_bulk"), content);
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Contains(text, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static ElasticsearchSettings Without(LocalServer server) => Elastic.Settings(server.Url) with { CreateIndexTemplate = false };
}
