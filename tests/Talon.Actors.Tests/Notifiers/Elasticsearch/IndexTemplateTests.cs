using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Notifiers.Elasticsearch;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Notifiers.Http;

namespace Talon.Actors.Tests.Notifiers.Elasticsearch;

public sealed class IndexTemplateTests
{
    private readonly ElasticsearchStandIn _elastic = new();
    private readonly KeptLog _log = new();
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Template_ForIndices_IsTheGoldenFile() =>
        Golden.AssertSame("Elasticsearch/Golden/template.json", IndexTemplate.Of(Elastic.Settings("http://x")));

    [Fact]
    public void Template_ForADataStream_IsTheGoldenFile() => Golden.AssertSame(
        "Elasticsearch/Golden/template-data-stream.json",
        IndexTemplate.Of(Elastic.Settings("http://x") with { DataStream = true, Index = "logs-talon-default", NumberOfShards = 1, NumberOfReplicas = 0 }));

    [Theory]
    [InlineData("a", nameof(IndexSuffix.Monthly), "a-*")]
    [InlineData("b", nameof(IndexSuffix.None), "b")]
    public void Pattern_FollowsTheIndex(string index, string suffix, string pattern) =>
        Assert.Equal(pattern, IndexTemplate.PatternOf(Elastic.Settings("http://x") with { Index = index, Suffix = Enum.Parse<IndexSuffix>(suffix) }));

    [Fact]
    public async Task Template_HasEachFieldOfEachRecord()
    {
        await using var server = await LocalServer.StartAsync(_elastic.AnswerAsync);
        await Elastic.Make(With(server)).SendAsync(Records.All, CancellationToken.None);

        var properties = _elastic.Templates["falco-talon"]["template"]!["mappings"]!["properties"]!.AsObject();
        Assert.All(
            _elastic.Documents.Values.SelectMany(document => document.AsObject().Select(field => field.Key)).Distinct(),
            field => Assert.True(properties.ContainsKey(field), field));
        Assert.True(properties["objects"]!["properties"]!.AsObject().ContainsKey("Pod"));
    }

    [Fact]
    public async Task Template_IsMadeOnceBeforeTheFirstDelivery()
    {
        await using var server = await LocalServer.StartAsync(_elastic.AnswerAsync);
        var notifier = Elastic.Make(With(server));

        await notifier.SendAsync([Records.Success], CancellationToken.None);
        await notifier.SendAsync([Records.Failure], CancellationToken.None);

        Assert.Equal(["GET", "PUT", "POST", "POST"], server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task Template_IsThere_IsLeftAlone()
    {
        await using var server = await LocalServer.StartAsync(_elastic.AnswerAsync);
        await Elastic.Make(With(server)).SendAsync([Records.Success], CancellationToken.None);
        await Elastic.Make(With(server) with { NumberOfShards = 1 }).SendAsync([Records.Failure], CancellationToken.None);

        Assert.Single(server.Requests, request => request.Method == "PUT");
        Assert.Equal(3, (int)_elastic.Templates["falco-talon"]["template"]!["settings"]!["index"]!["number_of_shards"]!);
    }

    [Fact]
    public async Task Template_NotWanted_IsNotMade()
    {
        await using var server = await LocalServer.StartAsync(_elastic.AnswerAsync);
        await Elastic.Make(With(server) with { CreateIndexTemplate = false }).SendAsync([Records.Success], CancellationToken.None);

        Assert.Equal("POST", Assert.Single(server.Requests).Method);
    }

    [Fact]
    public async Task Template_NameNeedsEscaping_IsEscaped()
    {
        await using var server = await LocalServer.StartAsync(_elastic.AnswerAsync);
        await Elastic.Make(With(server) with { Index = "tälon%2f;x" }).SendAsync([Records.Success], CancellationToken.None);

        Assert.Equal("/_index_template/t%C3%A4lon%252f%3Bx", server.Requests[1].Path);
        Assert.Contains("tälon%2f;x", _elastic.Templates.Keys);
    }

    [Fact]
    public async Task Template_RightIsMissing_IsToldOnceAndAskedForAgainLater()
    {
        bool mayNot = true;
        await using var server = await LocalServer.StartAsync((context, request) => mayNot && request.Method == "PUT"
            ? LocalServer.AnswerAsync(context, 403, "action [indices:admin/index_template/put] is unauthorized for user [talon]", "text/plain")
            : _elastic.AnswerAsync(context, request));
        var notifier = Elastic.Make(With(server), _clock, _log);

        Assert.IsType<NotifyResult.Delivered>(await notifier.SendAsync([Records.Success], CancellationToken.None));
        Assert.IsType<NotifyResult.Delivered>(await notifier.SendAsync([Records.Failure], CancellationToken.None));
        Assert.Single(server.Requests, request => request.Method == "PUT");
        var line = Assert.Single(_log.Lines);
        Assert.Contains("403: action [indices:admin/index_template/put] is unauthorized", line.Error, StringComparison.Ordinal);

        mayNot = false;
        _clock.Advance(TimeSpan.FromMinutes(11));
        Assert.IsType<NotifyResult.Delivered>(await notifier.SendAsync([Records.Ignored], CancellationToken.None));
        Assert.Equal(("is there now", 1), (_log.Lines[1].Result, _elastic.Templates.Count));
    }

    [Fact]
    public async Task Template_ServerHasTrouble_IsToldOnceAndMadeWithTheNextDelivery()
    {
        int asked = 0;
        await using var server = await LocalServer.StartAsync((context, request) => request.Method == "GET" && Interlocked.Increment(ref asked) <= 2
            ? LocalServer.AnswerAsync(context, 503, "no master", "text/plain")
            : _elastic.AnswerAsync(context, request));
        var notifier = Elastic.Make(With(server), _clock, _log);

        foreach (var record in Records.All)
        {
            Assert.IsType<NotifyResult.Delivered>(await notifier.SendAsync([record], CancellationToken.None));
        }

        Assert.Equal(3, asked);
        Assert.Equal(["failure", "success"], _log.Lines.Select(line => line.Status));
        Assert.Single(_elastic.Templates);
    }

    [Fact]
    public async Task Template_ServerHangsOnIt_DocumentsAreStoredAllTheSame()
    {
        await using var server = await LocalServer.StartAsync((context, request) => request.Method == "GET"
            ? Task.Delay(Timeout.Infinite, context.RequestAborted)
            : _elastic.AnswerAsync(context, request));

        Assert.IsType<NotifyResult.Delivered>(await Elastic.Make(With(server), new HurriedClock(30), _log).SendAsync([Records.Success], CancellationToken.None));
        Assert.Contains("no answer within 3 s", Assert.Single(_log.Lines).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Template_NoReplicas_IsAllowed() =>
        Assert.Equal(0, (int)JsonNode.Parse(IndexTemplate.Of(Elastic.Settings("http://x") with { NumberOfReplicas = 0 }))!["template"]!["settings"]!["index"]!["number_of_replicas"]!);

    private static ElasticsearchSettings With(LocalServer server) => Elastic.Settings(server.Url) with { CreateIndexTemplate = true };
}
