using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Talon.Host.Logging;
using Talon.Rules.Events;
using Talon.Rules.Matching;

namespace Talon.Host.Cli.Rules;

/// <summary>What <c>talon rules test</c> says about one event.</summary>
internal static class RulesTestReport
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One JSON object, without a line feed.</summary>
    public static string Json(RuleSet set, ParsedEvent parsed)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            if (parsed.IsEvent)
            {
                WriteMatch(json, set.Match(parsed.Event));
            }
            else
            {
                json.WriteString("error", parsed.Error);
            }

            json.WriteEndObject();
        }

        return Printable.OfDocument(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>Some lines for a person: each rule, why it matches or not, and what would run.</summary>
    public static string Text(RuleSet set, ParsedEvent parsed, int number)
    {
        if (!parsed.IsEvent)
        {
            return $"event {number}: not an event: {Printable.Of(parsed.Error)}";
        }

        var falcoEvent = parsed.Event;
        var text = new StringBuilder();
        text.Append($"event {number}: rule '{Printable.Of(falcoEvent.Rule)}', priority {Printable.Of(falcoEvent.PriorityText)}, source {Printable.Of(falcoEvent.Source)}");
        var planned = set.Plan(falcoEvent)?.Rules ?? [];
        var explanations = set.Explain(falcoEvent);
        for (int i = 0; i < explanations.Length; i++)
        {
            var (rule, matches, reason) = explanations[i];
            var plan = planned.FirstOrDefault(p => p.Name == rule);
            string verdict = (matches, plan) switch
            {
                (false, _) => "does not match",
                (true, null) => "matches, but an earlier matching rule says 'continue: false'",
                _ => "matches",
            };
            text.Append($"\n  rule '{Printable.Of(rule)}' {verdict}: {Printable.Of(reason)}");
            if (!matches || plan is null)
            {
                continue;
            }

            foreach (var action in plan.Actions)
            {
                text.Append($"\n    {(plan.DryRun ? "would say what it would do" : "would run")}: action '{Printable.Of(action.Name)}' ({Printable.Of(action.Actionner.ToString())})");
            }
        }

        if (explanations.All(explanation => !explanation.Matches))
        {
            text.Append("\n  nothing would run");
        }

        return text.ToString();
    }

    private static void WriteMatch(Utf8JsonWriter json, RuleMatch match)
    {
        json.WriteStartArray("rules");
        foreach (string name in match.Names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteStartArray("actions");
        foreach (var rule in match.Plan?.Rules ?? [])
        {
            foreach (var action in rule.Actions)
            {
                json.WriteStartObject();
                json.WriteString("rule", rule.Name);
                json.WriteString("action", action.Name);
                json.WriteString("actionner", action.Actionner.ToString());
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }
}
