using System.Collections.Immutable;
using System.Text.Json;
using Talon.Rules.Catalog;

namespace Talon.Rules.Planning;

/// <summary>Reads what <see cref="PlanJsonWriter"/> writes and nothing else: a key it does not know is damage.</summary>
internal static class PlanJsonReader
{
    public static EventPlan ReadPlan(JsonElement root)
    {
        Only(root, "v", "set", "rules");
        if (!Member(root, "v").TryGetInt32(out int version) || version != PlanJson.Version)
        {
            throw new FormatException($"the plan is of another version than {PlanJson.Version}");
        }

        int position = 0;
        var rules = ImmutableArray.CreateBuilder<PlannedRule>();
        foreach (var rule in Member(root, "rules").EnumerateArray())
        {
            rules.Add(ReadRule(rule, ref position));
        }

        return new EventPlan(Text(root, "set"), rules.ToImmutable());
    }

    private static PlannedRule ReadRule(JsonElement rule, ref int position)
    {
        Only(rule, "name", "continue", "dry_run", "notifiers", "actions");
        var actions = ImmutableArray.CreateBuilder<PlannedAction>();
        foreach (var action in Member(rule, "actions").EnumerateArray())
        {
            actions.Add(ReadAction(action, position++));
        }

        return new PlannedRule(Text(rule, "name"), IsTrue(rule, "dry_run"), Texts(rule, "notifiers"), actions.ToImmutable())
        {
            SaysContinue = Said(rule, "continue"),
        };
    }

    private static PlannedAction ReadAction(JsonElement action, int position)
    {
        Only(action, "pos", "name", "actionner", "parameters", "continue", "ignore_errors", "contexts", "output", "timeout", "max_age", "retry_interrupted");
        if (!Member(action, "pos").TryGetInt32(out int written) || written != position)
        {
            throw new FormatException("the plan is damaged: its actions are not numbered in order");
        }

        if (!ActionnerName.TryParse(Text(action, "actionner"), out var actionner))
        {
            throw new FormatException("the plan is damaged: an actionner has no name of the form category:name");
        }

        return new PlannedAction
        {
            Position = position,
            Name = Text(action, "name"),
            Actionner = actionner,
            Parameters = Parameters(action),
            SaysContinue = Said(action, "continue"),
            IgnoreErrors = IsTrue(action, "ignore_errors"),
            AdditionalContexts = Texts(action, "contexts"),
            Output = action.TryGetProperty("output", out var output) ? ReadOutput(output) : null,
            Timeout = Ticks(action, "timeout"),
            MaxAge = Ticks(action, "max_age"),
            RetryInterrupted = IsTrue(action, "retry_interrupted"),
        };
    }

    private static PlannedOutput ReadOutput(JsonElement output)
    {
        Only(output, "target", "parameters");
        return new PlannedOutput(Text(output, "target"), Parameters(output));
    }

    private static ParameterMap Parameters(JsonElement owner) =>
        owner.TryGetProperty("parameters", out var parameters) ? ReadMap(parameters) : ParameterMap.Empty;

    private static ParameterMap ReadMap(JsonElement map) =>
        ParameterMap.From(map.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, ReadValue(member.Value))));

    private static ParameterValue ReadValue(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return new ParameterValue.Text(value.GetString()!);
            case JsonValueKind.Number when value.TryGetInt64(out long whole):
                return new ParameterValue.Whole(whole);
            case JsonValueKind.True:
            case JsonValueKind.False:
                return new ParameterValue.Flag(value.GetBoolean());
            case JsonValueKind.Null:
                return new ParameterValue.Nothing();
            case JsonValueKind.Object:
                return new ParameterValue.Map(ReadMap(value));
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                return ReadArray(value);
            default:
                throw new FormatException("the plan is damaged: a parameter holds what no parameter can hold");
        }
    }

    private static ParameterValue ReadArray(JsonElement array)
    {
        string? kind = array[0].GetString();
        return kind switch
        {
            "real" when array.GetArrayLength() == 2 => new ParameterValue.Real(array[1].GetString() ?? throw new FormatException("the plan is damaged: a number is null")),
            "list" => new ParameterValue.List([.. array.EnumerateArray().Skip(1).Select(ReadValue)]),
            _ => throw new FormatException("the plan is damaged: a parameter holds an array of unknown kind"),
        };
    }

    private static JsonElement Member(JsonElement owner, string key) =>
        owner.TryGetProperty(key, out var member) ? member : throw new FormatException($"the plan is damaged: '{key}' is missing");

    private static string Text(JsonElement owner, string key) =>
        Member(owner, key).GetString() ?? throw new FormatException($"the plan is damaged: '{key}' is null");

    private static bool IsTrue(JsonElement owner, string key) => owner.TryGetProperty(key, out var flag) && flag.GetBoolean();

    private static bool? Said(JsonElement owner, string key) => owner.TryGetProperty(key, out var flag) ? flag.GetBoolean() : null;

    private static TimeSpan? Ticks(JsonElement owner, string key)
    {
        if (!owner.TryGetProperty(key, out var ticks))
        {
            return null;
        }

        return ticks.TryGetInt64(out long count)
            ? TimeSpan.FromTicks(count)
            : throw new FormatException($"the plan is damaged: '{key}' is not a number of ticks");
    }

    private static ImmutableArray<string> Texts(JsonElement owner, string key)
    {
        if (!owner.TryGetProperty(key, out var texts))
        {
            return [];
        }

        return [.. texts.EnumerateArray().Select(text => text.GetString() ?? throw new FormatException($"the plan is damaged: '{key}' holds null"))];
    }

    private static void Only(JsonElement owner, params ReadOnlySpan<string> keys)
    {
        foreach (var member in owner.EnumerateObject())
        {
            if (!keys.Contains(member.Name))
            {
                throw new FormatException("the plan is damaged: it holds a key that version 1 does not have");
            }
        }
    }
}
