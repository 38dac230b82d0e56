using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Reload;

public sealed class RuleBookTests
{
    [Fact]
    public async Task Swap_AnotherSet_DecidesAboutTheNextEventAndTheMetric()
    {
        await using var server = await TestServer.StartAsync();
        var book = server.Book;
        await server.PostAsync(TestEvents.Other);
        Assert.Empty(server.Intake.Taken);

        book.Swap(TestRules.Load(TestRules.Shell + "\n\n- rule: All\n  match:\n    source: syscall\n  actions:\n    - action: Terminate Pod\n"));
        await server.PostAsync(TestEvents.Other);

        Assert.Equal(book.Current.Hash, Assert.Single(server.Intake.Taken).Plan.RuleSetHash);
        await server.AssertMetricAsync("talon_rules_loaded", 2);
        await server.AssertMetricAsync("talon_rules_reloads_total{result=\"success\"}", 1);
    }

    [Fact]
    public async Task Metrics_AtTheStart_AreThoseOfASuccessWithoutAReload()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 8, 0, 0, 500, TimeSpan.Zero));
        await using var server = await TestServer.StartAsync(time: time);

        string text = await server.MetricsAsync();

        Assert.Equal(0, MetricText.ValueOf(text, "talon_rules_reloads_total{result=\"success\"}"));
        Assert.Equal(0, MetricText.ValueOf(text, "talon_rules_reloads_total{result=\"failure\"}"));
        Assert.Equal(1, MetricText.ValueOf(text, "talon_rules_last_reload_successful"));
        Assert.Equal(time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0, MetricText.ValueOf(text, "talon_rules_last_reload_success_timestamp_seconds"));
    }

    [Fact]
    public async Task Keep_FilesThatCannotBeUsed_IsToldByReadyzAndMetricsAndTheNodeStaysReady()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));
        await using var server = await TestServer.StartAsync(time: time);
        var book = server.Book;
        time.Advance(TimeSpan.FromSeconds(1));
        book.Keep(["rules.yaml:1:1: unknown key 'x\"'", "and 7 more"]);

        var response = await server.Client.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var rules = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["rules"]!;
        Assert.Equal(1, rules["count"]!.GetValue<int>());
        Assert.Equal(book.Current.Hash, rules["hash"]!.GetValue<string>());
        Assert.Equal("2026-11-25T08:00:00.000Z", rules["loaded_at"]!.GetValue<string>());
        Assert.Equal(["rules.yaml:1:1: unknown key 'x\"'", "and 7 more"], rules["last_error"]!.AsArray().Select(error => error!.GetValue<string>()));
        Assert.Equal("2026-11-25T08:00:01.000Z", rules["failed_at"]!.GetValue<string>());
        await server.AssertMetricAsync("talon_rules_last_reload_successful", 0);
        await server.AssertMetricAsync("talon_rules_last_reload_success_timestamp_seconds", 1_795_593_600);
        await server.AssertMetricAsync("talon_rules_reloads_total{result=\"failure\"}", 1);

    }

    [Fact]
    public async Task Recover_AfterAFailure_ClearsItInReadyzAndMetrics()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));
        await using var server = await TestServer.StartAsync(time: time);
        var book = server.Book;
        book.Keep(["error"]);
        time.Advance(TimeSpan.FromSeconds(1));

        book.Recover();

        var rules = JsonNode.Parse(await server.Client.GetStringAsync("/readyz"))!["rules"]!;
        Assert.Null(rules["last_error"]);
        Assert.Null(rules["failed_at"]);
        Assert.Equal("2026-11-25T08:00:00.000Z", rules["loaded_at"]!.GetValue<string>());
        await server.AssertMetricAsync("talon_rules_last_reload_successful", 1);
        await server.AssertMetricAsync("talon_rules_last_reload_success_timestamp_seconds", 1_795_593_601);
    }
}
