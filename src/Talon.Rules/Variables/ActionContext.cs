using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Talon.Rules.Json;
using Talon.Rules.Model;
using Talon.Rules.Planning;

namespace Talon.Rules.Variables;

/// <summary>What an action tells about itself in its context, under the keys of the original.</summary>
public static class ActionContext
{
    /// <summary>
    /// The keys <c>falco-talon.rule</c>, <c>falco-talon.action</c>, <c>falco-talon.actionner</c> and
    /// <c>falco-talon.action.parameters</c> (JSON, <c>null</c> without parameters); the two <c>continue</c> where the rule file
    /// says so, <c>falco-talon.rule.dry_run</c> and <c>falco-talon.action.ignore_errors</c> where they are true.
    /// </summary>
    /// <param name="rule">The rule.</param>
    /// <param name="action">Its action.</param>
    public static ImmutableSortedDictionary<string, string> Of(PlannedRule rule, PlannedAction action)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(action);
        var context = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        context["falco-talon.rule"] = rule.Name;
        AddFlag("falco-talon.rule.continue", rule.SaysContinue);
        AddFlag("falco-talon.rule.dry_run", rule.DryRun ? true : null);
        context["falco-talon.action"] = action.Name;
        AddFlag("falco-talon.action.continue", action.SaysContinue);
        AddFlag("falco-talon.action.ignore_errors", action.IgnoreErrors ? true : null);
        context["falco-talon.action.parameters"] = JsonOf(action.Parameters);
        context["falco-talon.actionner"] = action.Actionner.ToString();
        return context.ToImmutable();

        void AddFlag(string key, bool? value)
        {
            if (value is { } said)
            {
                context[key] = said ? "true" : "false";
            }
        }
    }

    private static string JsonOf(ParameterMap parameters)
    {
        if (parameters.Count == 0)
        {
            return "null";
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = JsonCopy.CompactWriter(buffer))
        {
            WriteMap(writer, parameters);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteMap(Utf8JsonWriter writer, ParameterMap map)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in map)
        {
            writer.WritePropertyName(name);
            WriteValue(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, ParameterValue value)
    {
        switch (value)
        {
            case ParameterValue.Text text:
                writer.WriteStringValue(text.Value);
                break;
            case ParameterValue.Whole whole:
                writer.WriteNumberValue(whole.Value);
                break;
            case ParameterValue.Flag flag:
                writer.WriteBooleanValue(flag.Value);
                break;
            case ParameterValue.Real real:
                WriteReal(writer, real.Literal);
                break;
            case ParameterValue.List list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                {
                    WriteValue(writer, item);
                }

                writer.WriteEndArray();
                break;
            case ParameterValue.Map map:
                WriteMap(writer, map.Entries);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    // YAML has numbers that JSON has not: .5, +1.5, .inf.
    private static void WriteReal(Utf8JsonWriter writer, string literal)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(literal));
        try
        {
            if (reader.Read() && reader.TokenType == JsonTokenType.Number && reader.BytesConsumed == literal.Length && !reader.Read())
            {
                writer.WriteRawValue(literal, skipInputValidation: true);
                return;
            }
        }
        catch (JsonException)
        {
            // No number of JSON's.
        }

        writer.WriteStringValue(literal);
    }
}
