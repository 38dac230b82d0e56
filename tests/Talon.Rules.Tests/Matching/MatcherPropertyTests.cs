using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace Talon.Rules.Tests.Matching;

/// <summary>Holds the matcher against a plain one that is written from the specification and shares no code with it.</summary>
public sealed class MatcherPropertyTests
{
    private static readonly string[] Names = ["R1", "R2", "R3"];
    private static readonly string[] Sources = ["syscall", "k8s_audit"];
    private static readonly string[] Tags = ["a", "b", "c"];
    private static readonly string[] Keys = ["k1", "k.2", "k[3]"];
    private static readonly string[] Values = ["", "x", "1", "1.0", "true", "x=y", "<NA>", "1000000"];
    private static readonly string[] JsonValues = ["\"\"", "\"x\"", "1", "1.0", "true", "\"x=y\"", "null", "\"<NA>\"", "1000000", "\"1\"", "\"\\u0078\""];
    private static readonly string[] Priorities = ["Debug", "Informational", "Notice", "Warning", "Error", "Critical", "Alert", "Emergency"];
    private static readonly string[] Comparators = ["", "=", "<", "<=", ">", ">="];

    private static readonly Gen<RuleModel> GenRule = Gen.Select(
        Pick(Names).Array[0, 2],
        Gen.Select(Pick(Comparators), Gen.Int[0, 15]),
        Gen.Int[0, 3],
        Pick(Tags).Array[1, 2].Array[0, 2],
        Gen.Select(Pick(Keys), Gen.Bool, Pick(Values)).Array[1, 3].Array[0, 2],
        (rules, priority, source, tags, fields) => new RuleModel(
            rules, priority.Item2 < 8 ? (priority.Item1, priority.Item2) : null, source < 2 ? Sources[source] : null, tags, fields));

    private static readonly Gen<EventModel> GenEvent = Gen.Select(
        Pick(Names), Gen.Int[-1, 7], Pick(Sources), Pick(Tags).Array[0, 3], Gen.Select(Pick(Keys), Pick(JsonValues)).Array[0, 4],
        (rule, priority, source, tags, fields) => new EventModel(rule, priority, source, tags, fields));

    [Fact]
    public void Match_RandomRulesAndEvents_EqualsTheReference() =>
        Gen.Select(GenRule.Array[1, 8], GenEvent.Array[1, 10]).Sample(
            (rules, events) =>
            {
                var set = Make.Rules(string.Concat(rules.Select((rule, index) => rule.ToYaml($"N{index}"))));
                foreach (var one in events)
                {
                    string[] expected = [.. rules.Select((rule, index) => (rule, index)).Where(pair => pair.rule.Matches(one)).Select(pair => $"N{pair.index}")];
                    var falcoEvent = Make.Event(one.ToJson());
                    Assert.Equal(expected, set.Match(falcoEvent).Names.ToArray());
                    Assert.Equal(expected, set.Explain(falcoEvent).Where(explanation => explanation.Matches).Select(explanation => explanation.Rule).ToArray());
                }
            },
            iter: 2000);

    private static Gen<string> Pick(string[] from) => Gen.Int[0, from.Length - 1].Select(index => from[index]);

    private sealed record EventModel(string Rule, int Priority, string Source, string[] Tags, (string Key, string Json)[] Fields)
    {
        public string ToJson() => "{" +
            $"\"rule\":\"{Rule}\",\"priority\":\"{(Priority < 0 ? "high" : Priorities[Priority])}\",\"source\":\"{Source}\"," +
            $"\"tags\":{JsonSerializer.Serialize(Tags)},\"output_fields\":{{{string.Join(',', Fields.Select(field => $"\"{field.Key}\":{field.Json}"))}}}}}";

        public string? TextOf(string key)
        {
            string? json = Fields.LastOrDefault(field => field.Key == key).Json;
            return json switch
            {
                null or "null" => null,
                ['"', ..] => JsonNode.Parse(json)!.GetValue<string>(),
                _ => json,
            };
        }
    }

    private sealed record RuleModel(
        string[] Rules, (string Comparator, int Level)? Priority, string? Source, string[][] Tags, (string Key, bool Equal, string Value)[][] Fields)
    {
        public bool Matches(EventModel one) =>
            (Rules.Length == 0 || Rules.Contains(one.Rule))
            && (Source is null || Source == one.Source)
            && (Priority is not { } priority || (one.Priority >= 0 && Compare(priority.Comparator, one.Priority, priority.Level)))
            && (Tags.Length == 0 || Tags.Any(line => line.All(tag => one.Tags.Contains(tag))))
            && (Fields.Length == 0 || Fields.Any(line => line.All(field => (one.TextOf(field.Key) == field.Value) == field.Equal)));

        public string ToYaml(string name)
        {
            var match = new List<string>();
            if (Rules.Length > 0)
            {
                match.Add($"rules: [{string.Join(", ", Rules)}]");
            }

            if (Priority is { } priority)
            {
                match.Add($"priority: '{priority.Comparator}{Priorities[priority.Level]}'");
            }

            if (Source is not null)
            {
                match.Add($"source: {Source}");
            }

            if (Tags.Length > 0)
            {
                match.Add($"tags: [{string.Join(", ", Tags.Select(line => $"'{string.Join(", ", line)}'"))}]");
            }

            if (Fields.Length > 0)
            {
                match.Add($"output_fields: [{string.Join(", ", Fields.Select(line => $"'{string.Join(", ", line.Select(f => f.Key + (f.Equal ? "=" : "!=") + f.Value))}'"))}]");
            }

            return match.Count == 0
                ? $"- rule: {name}\n  actions: [{{action: a, actionner: \"kubernetes:label\", parameters: {{labels: {{x: y}}}}}}]\n"
                : Make.Rule(string.Join('\n', match), name);
        }

        private static bool Compare(string comparator, int left, int right) => comparator switch
        {
            "<" => left < right,
            "<=" => left <= right,
            ">" => left > right,
            ">=" => left >= right,
            _ => left == right,
        };
    }
}
