using System.Text;
using Talon.Host.Tests.Support;
using Talon.Rules.Events;

namespace Talon.Host.Tests.Endpoints;

public sealed class MetricsEndpointTests
{
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task Metrics_RulesDiffer_IsOneWhileTheyDo(bool differ, long value)
    {
        await using var server = await TestServer.StartAsync();
        server.SharedRules.Differ = differ;

        Assert.Equal(value, MetricText.ValueOf(await server.MetricsAsync(), "talon_rules_differ"));
    }

    [Fact]
    public async Task Metrics_EachInstrument_HasItsDocumentedNameAndLabels()
    {
        await using var server = await TestServer.StartAsync();
        var meters = server.Meters;
        var falcoEvent = FalcoEventParser.Parse("""{"rule":"Falco rule","priority":"notice","source":"syscall"}"""u8.ToArray()).Event!;
        meters.EventReceived(falcoEvent);
        meters.EventMatched("R", falcoEvent);
        meters.ActionFinished("R", "A", "kubernetes:terminate", "success", "Falco rule");
        meters.OutputFinished("R", "A", "local", "local:file", "failure");
        meters.NotificationFinished("R", "A", "kubernetes:terminate", "slack", "success");
        meters.EventToAction(TimeSpan.FromMilliseconds(7));
        meters.ActionRetried("kubernetes:terminate");
        meters.LaneChanged("kubernetes", "short", running: 3, queued: 4);
        meters.DuplicateEvent();
        meters.IngressRefused("full");
        meters.IngressUnmatched();
        meters.IngressIncomplete();

        meters.RulesReloaded(successful: true);
        meters.RulesReloaded(successful: false);
        meters.RulesReloaded(successful: false);

        string text = await server.MetricsAsync();

        Assert.Equal(1, MetricText.ValueOf(text, "falcosecurity_falco_talon_events_total{event=\"Falco rule\",priority=\"Notice\",source=\"syscall\"}"));
        Assert.Equal(1, MetricText.ValueOf(text, "falcosecurity_falco_talon_matches_total{rule=\"R\",event=\"Falco rule\",priority=\"Notice\",source=\"syscall\"}"));
        Assert.Equal(1, MetricText.ValueOf(text, "falcosecurity_falco_talon_actions_total{rule=\"R\",event=\"Falco rule\",action=\"A\",actionner=\"kubernetes:terminate\",status=\"success\"}"));
        Assert.Equal(1, MetricText.ValueOf(text, "falcosecurity_falco_talon_outputs_total{category=\"local\",target=\"local:file\",status=\"failure\"}"));
        Assert.Equal(1, MetricText.ValueOf(text, "falcosecurity_falco_talon_notifications_total{notifier=\"slack\"}"));
        Assert.Equal(1, MetricText.ValueOf(text, "talon_event_to_action_seconds_count"));
        Assert.Equal(0, MetricText.ValueOf(text, "talon_event_to_action_seconds_bucket{le=\"0.005\"}"));
        Assert.Equal(1, MetricText.ValueOf(text, "talon_event_to_action_seconds_bucket{le=\"0.01\"}"));
        Assert.Equal(1, MetricText.ValueOf(text, "talon_event_to_action_seconds_bucket{le=\"60\"}"));
        Assert.Equal(1, MetricText.ValueOf(text, "talon_action_retries_total{actionner=\"kubernetes:terminate\"}"));
        Assert.Equal(3, MetricText.ValueOf(text, "talon_actions_running{category=\"kubernetes\",lane=\"short\"}"));
        Assert.Equal(4, MetricText.ValueOf(text, "talon_actions_queued{category=\"kubernetes\",lane=\"short\"}"));
        Assert.Equal(1, MetricText.ValueOf(text, "talon_duplicates_total"));
        Assert.Equal(1, MetricText.ValueOf(text, "talon_ingress_refused_total{cause=\"full\"}"));
        Assert.Equal(1, MetricText.ValueOf(text, "talon_ingress_unmatched_total"));
        Assert.Equal(1, MetricText.ValueOf(text, "talon_ingress_incomplete_total"));
        Assert.Equal(0, MetricText.ValueOf(text, "talon_log_lines_dropped_total"));
        Assert.Equal(7, MetricText.ValueOf(text, "talon_unfinished_events"));
        Assert.Equal(0, MetricText.ValueOf(text, "talon_category_degraded{category=\"kubernetes\"}"));
        Assert.Equal(1, MetricText.ValueOf(text, "talon_rules_loaded"));
        Assert.Equal(1, MetricText.ValueOf(text, "talon_rules_reloads_total{result=\"success\"}"));
        Assert.Equal(2, MetricText.ValueOf(text, "talon_rules_reloads_total{result=\"failure\"}"));
        Assert.Equal(0, MetricText.ValueOf(text, "talon_rules_last_reload_successful"));
        Assert.InRange(
            MetricText.ValueOf(text, "talon_rules_last_reload_success_timestamp_seconds") ?? 0,
            TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 600,
            TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1);
        Assert.Contains("target_info{service_name=\"falco-talon\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_AnotherServerOfTheProcess_DoesNotCount()
    {
        await using var server = await TestServer.StartAsync();
        await using var other = await TestServer.StartAsync();
        other.Meters.EventReceived(EventOf("of the other", "Debug", "syscall"));

        Assert.DoesNotContain("of the other", await server.MetricsAsync(), StringComparison.Ordinal);
        Assert.Contains("of the other", await other.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_ManyFalcoRulesFromASender_AreCappedAndEscaped()
    {
        await using var server = await TestServer.StartAsync();
        for (int i = 0; i < 600; i++)
        {
            await server.PostAsync($$"""{"rule":"made up \"{{i}}\"\n","priority":"Loud{{i}}","source":"source{{i}}","output":"x"}""");
        }

        string[] lines = [.. (await server.MetricsAsync()).Split('\n').Where(line => line.StartsWith("falcosecurity_falco_talon_events_total{", StringComparison.Ordinal))];

        Assert.InRange(lines.Length, 1, 111);
        Assert.Contains(lines, line => line.Contains("event=\"other\"", StringComparison.Ordinal) && line.Contains("source=\"other\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("event=\"made up \\\"1\\\"\\n\"", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Contains("priority=\"other\"", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_ManyUnmatchedEvents_LeaveTheLabelsOfMatchesAndActionsAlone()
    {
        await using var server = await TestServer.StartAsync();
        var meters = server.Meters;
        for (int i = 0; i < 600; i++)
        {
            meters.EventReceived(EventOf($"made up {i}", "Debug", $"source {i}"));
        }

        meters.EventMatched("R", EventOf("Falco rule", "Notice", "syscall"));
        meters.ActionFinished("R", "A", "kubernetes:terminate", "success", "Falco rule");
        string text = await server.MetricsAsync();

        Assert.Equal(1, MetricText.ValueOf(text, "falcosecurity_falco_talon_matches_total{event=\"Falco rule\",source=\"syscall\"}"));
        Assert.Equal(1, MetricText.ValueOf(text, "falcosecurity_falco_talon_actions_total{event=\"Falco rule\"}"));
    }

    [Fact]
    public async Task Metrics_EveryLabelSetWithinTheBounds_IsCountedByItself()
    {
        await using var server = await TestServer.StartAsync();
        var meters = server.Meters;
        for (int rule = 0; rule < 101; rule++)
        {
            for (int source = 0; source < 11; source++)
            {
                foreach (string priority in new[] { "Emergency", "Critical", "Notice", "Debug" })
                {
                    meters.EventReceived(EventOf($"rule {rule}", priority, $"source {source}"));
                }
            }
        }

        string text = await server.MetricsAsync();

        Assert.DoesNotContain("otel_metric_overflow", text, StringComparison.Ordinal);
        Assert.Equal(101 * 11 * 4, text.Split('\n').Count(line => line.StartsWith("falcosecurity_falco_talon_events_total{", StringComparison.Ordinal)));
    }

    private static FalcoEvent EventOf(string rule, string priority, string source) => FalcoEventParser.Parse(
        Encoding.UTF8.GetBytes($$"""{"rule":"{{rule}}","priority":"{{priority}}","source":"{{source}}"}""")).Event!;
}
