using System.Collections.Immutable;
using System.Text.Json;
using Talon.Rules.Catalog;

namespace Talon.Rules.Planning;

/// <summary>Writes the parts of a plan. The same form serves the content hash of a rule set.</summary>
internal static class PlanJsonWriter
{
    public static void WritePlan(Utf8JsonWriter writer, EventPlan plan)
    {
        writer.WriteStartObject();
        writer.WriteNumber("v", PlanJson.Version);
        writer.WriteString("set", plan.RuleSetHash);
        writer.WriteStartArray("rules");
        foreach (var rule in plan.Rules)
        {
            WriteRule(writer, rule);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WriteRule(Utf8JsonWriter writer, PlannedRule rule)
    {
        writer.WriteStartObject();
        writer.WriteString("name", rule.Name);
        WriteSaid(writer, "continue", rule.SaysContinue);
        WriteTrue(writer, "dry_run", rule.DryRun);
        WriteTexts(writer, "notifiers", rule.Notifiers);
        writer.WriteStartArray("actions");
        foreach (var action in rule.Actions)
        {
            WriteAction(writer, action);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WriteTexts(Utf8JsonWriter writer, string key, ImmutableArray<string> texts)
    {
        if (texts.IsDefaultOrEmpty)
        {
            return;
        }

        writer.WriteStartArray(key);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    public static void WriteTrue(Utf8JsonWriter writer, string key, bool value)
    {
        if (value)
        {
            writer.WriteBoolean(key, value);
        }
    }

    private static void WriteSaid(Utf8JsonWriter writer, string key, bool? value)
    {
        if (value is { } said)
        {
            writer.WriteBoolean(key, said);
        }
    }

    private static void WriteAction(Utf8JsonWriter writer, PlannedAction action)
    {
        writer.WriteStartObject();
        writer.WriteNumber("pos", action.Position);
        writer.WriteString("name", action.Name);
        writer.WriteString("actionner", action.Actionner.ToString());
        WriteParameters(writer, action.Parameters);
        WriteSaid(writer, "continue", action.SaysContinue);
        WriteTrue(writer, "ignore_errors", action.IgnoreErrors);
        WriteTexts(writer, "contexts", action.AdditionalContexts);
        if (action.Output is { } output)
        {
            writer.WriteStartObject("output");
            writer.WriteString("target", output.Target);
            WriteParameters(writer, output.Parameters);
            writer.WriteEndObject();
        }

        if (action.Timeout is { } timeout)
        {
            writer.WriteNumber("timeout", timeout.Ticks);
        }

        if (action.MaxAge is { } maxAge)
        {
            writer.WriteNumber("max_age", maxAge.Ticks);
        }

        WriteTrue(writer, "retry_interrupted", action.RetryInterrupted);
        writer.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter writer, ParameterMap parameters)
    {
        if (parameters.Count > 0)
        {
            writer.WritePropertyName("parameters");
            ParameterJson.Typed.Write(writer, parameters);
        }
    }
}
