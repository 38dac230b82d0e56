using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;

namespace Talon.Rules.Tests.Matching;

/// <summary>Random rules and events, and a plain matcher that is written from the specification and shares no code with the real one.</summary>
internal static class RuleModels
{
    private static readonly string[] Names = ["R1", "R2", "R3"];
    private static readonly string[] Hosts = ["h1", "h2"];
    private static readonly string[] Sources = ["syscall", "k8s_audit"];
    private static readonly string[] Tags = ["a", "b", "c"];
    private static readonly string[] Keys = ["k1", "k.2", "k[3]"];
    private static readonly string[] Values = ["", "x", "xy", "1", "1.0", "true", "x=y", "<NA>", "1000000", "10.1.2.3", "fd00::1"];
    private static readonly string[] Prefixes = ["x", "xy", "1", "10.", "<", "<NA>", "fd", "true"];
    private static readonly string[] Networks = ["10.0.0.0/8", "10.1.0.0/16", "11.0.0.0/8", "0.0.0.0/0", "fd00::/8", "::/0", "10.1.2.3/32"];
    private static readonly string[] Parts = ["x", "y", "=", "0", ".", ":", "NA", "<NA>", "xy", "e", "1"];
    private static readonly string[] Globs = ["*", "x*", "?", "*y", "[x-z]*", "1?0", "*.*", "[!x]*", "<*>", "f\\d*", "*0*0*"];
    private static readonly string[] Expressions = ["x.*", "[0-9.]+", "x|xy", ".*", "tru?e", "fd.*", "(?i)X+Y*", "[^x]*", "1(000)*", "x+=?y?"];
    private static readonly string[] JsonValues =
    [
        "\"\"", "\"x\"", "\"xy\"", "1", "1.0", "true", "\"x=y\"", "null", "\"<NA>\"", "1000000", "\"1\"", "\"\\u0078\"",
        "\"10.1.2.3\"", "\"10.200.0.1\"", "\"11.0.0.1\"", "\"::ffff:10.1.2.3\"", "\"fd00::1\"", "\"2001:db8::1\"", "\"10.1.2.\\u0033\"",
    ];

    private static readonly string[] Priorities = ["Debug", "Informational", "Notice", "Warning", "Error", "Critical", "Alert", "Emergency"];
    private static readonly string[] Comparators = ["", "=", "<", "<=", ">", ">="];

    private static readonly Gen<FieldModel> GenField = Gen.Select(
        Pick(Keys), Gen.Int[0, 10], Pick(Values).Array[1, 3], Pick(Prefixes), Gen.Select(Pick(Networks), Pick(Parts), Pick(Globs), Pick(Expressions)), (key, kind, values, prefix, more) => kind switch
        {
            0 => new FieldModel(key, "=", [values[0]]),
            1 => new FieldModel(key, "!=", [values[0]]),
            2 => new FieldModel(key, "in", values),
            3 => new FieldModel(key, "startswith", [prefix]),
            4 => new FieldModel(key, "exists", []),
            5 => new FieldModel(key, "cidr", [more.Item1]),
            6 => new FieldModel(key, "endswith", [more.Item2]),
            7 => new FieldModel(key, "contains", [more.Item2]),
            8 => new FieldModel(key, "icontains", [more.Item2.ToLowerInvariant()]),
            9 => new FieldModel(key, "glob", [more.Item3]),
            _ => new FieldModel(key, "regex", [more.Item4]),
        });

    private static readonly Gen<MatchModel> GenMatch = Gen.Select(
        Gen.Select(Pick(Names).Array[0, 2], Pick(Hosts).Array[1, 2], Gen.Int[0, 3]),
        Gen.Select(Pick(Comparators), Gen.Int[0, 15]),
        Gen.Int[0, 5],
        Pick(Tags).Array[1, 2].Array[0, 2],
        GenField.Array[1, 3].Array[0, 2],
        (names, priority, source, tags, fields) => new MatchModel(
            names.Item1,
            names.Item3 == 0 ? names.Item2 : [],
            priority.Item2 < 8 ? (priority.Item1, priority.Item2) : null,
            source < 2 ? Sources[source] : null,
            tags,
            fields));

    /// <summary>Rules with every key of <c>match</c>; few of them match anything when they say much.</summary>
    public static Gen<RuleModel> Rule { get; } = Gen.Select(GenMatch, GenMatch, Gen.Int[0, 2], Gen.Int[0, 3], (match, not, notToo, continues) =>
        new RuleModel(match, notToo == 0 && !not.IsEmpty ? not : null, Continues: continues > 0));

    /// <summary>Rules that say little, so that they often contradict themselves or hide each other.</summary>
    public static Gen<RuleModel> Terse { get; } = Gen.Select(Rule, Gen.Int[0, 6], Gen.Int[0, 6], Gen.Bool, (rule, keep, keepOfNot, continues) =>
        new RuleModel(rule.Match.Only(keep), rule.Not?.Only(keepOfNot) is { IsEmpty: false } not ? not : null, continues));

    public static Gen<EventModel> Event { get; } = Gen.Select(
        Pick(Names), Gen.Int[-1, 7], Pick(Sources), Pick(Tags).Array[0, 3], Gen.Select(Pick(Keys), Pick(JsonValues)).Array[0, 4], Pick(["h1", "h2", "h\\u0031", ""]),
        (rule, priority, source, tags, fields, host) => new EventModel(rule, priority, source, tags, fields, host));

    private static Gen<string> Pick(string[] from) => Gen.Int[0, from.Length - 1].Select(index => from[index]);

    internal sealed record EventModel(string Rule, int Priority, string Source, string[] Tags, (string Key, string Json)[] Fields, string HostJson)
    {
        public string Host => JsonNode.Parse($"\"{HostJson}\"")!.GetValue<string>();

        public string ToJson() => "{" +
            $"\"rule\":\"{Rule}\",\"priority\":\"{(Priority < 0 ? "high" : Priorities[Priority])}\",\"source\":\"{Source}\",\"hostname\":\"{HostJson}\"," +
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

    internal sealed record FieldModel(string Key, string Operator, string[] Values)
    {
        public bool Holds(string? text) => Operator switch
        {
            "=" => text == Values[0],
            "!=" => text != Values[0],
            "in" => text is not null && Values.Contains(text),
            "startswith" => text is not null && text.StartsWith(Values[0], StringComparison.Ordinal),
            "exists" => text is not (null or "" or "<NA>"),
            "endswith" => text is not null && text.EndsWith(Values[0], StringComparison.Ordinal),
            "contains" => text is not null && text.Contains(Values[0], StringComparison.Ordinal),
            "icontains" => text is not null && text.Contains(Values[0], StringComparison.OrdinalIgnoreCase),
            "glob" => text is not null && GlobReference.Matches(Values[0], text),
            "regex" => text is not null && Regex.IsMatch(text, $"\\A(?:{Values[0]})\\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10)),
            _ => text is not null && InNetwork(text),
        };

        public override string ToString() => Operator switch
        {
            "=" or "!=" => Key + Operator + Values[0],
            "in" => $"{Key} in ({string.Join(", ", Values.Select(value => value.Length == 0 ? "\"\"" : value))})",
            "exists" => $"{Key} exists",
            _ => $"{Key} {Operator} {Values[0]}",
        };

        // The values that can be generated are either plain addresses, which the framework reads alike, or no addresses at all.
        private bool InNetwork(string text)
        {
            if ((!text.Contains('.', StringComparison.Ordinal) && !text.Contains(':', StringComparison.Ordinal)) || !IPAddress.TryParse(text, out var address) || text == "1.0")
            {
                return false;
            }

            return IPNetwork.Parse(Values[0]).Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
        }
    }

    internal sealed record MatchModel(
        string[] Rules, string[] Hosts, (string Comparator, int Level)? Priority, string? Source, string[][] Tags, FieldModel[][] Fields)
    {
        public bool IsEmpty => Rules.Length + Hosts.Length + Tags.Length + Fields.Length == 0 && Priority is null && Source is null;

        public bool Holds(EventModel one) =>
            (Rules.Length == 0 || Rules.Contains(one.Rule))
            && (Hosts.Length == 0 || Hosts.Contains(one.Host))
            && (Source is null || Source == one.Source)
            && (Priority is not { } priority || (one.Priority >= 0 && Compare(priority.Comparator, one.Priority, priority.Level)))
            && (Tags.Length == 0 || Tags.Any(line => line.All(tag => one.Tags.Contains(tag))))
            && (Fields.Length == 0 || Fields.Any(line => line.All(field => field.Holds(one.TextOf(field.Key)))));

        public MatchModel Only(int key) => new(
            key == 0 ? Rules : [], key == 1 ? Hosts : [], key == 2 ? Priority : null, key == 3 ? Source : null, key == 4 ? Tags : [], key >= 5 ? Fields : []);

        public List<string> ToYaml()
        {
            var match = new List<string>();
            if (Rules.Length > 0)
            {
                match.Add($"rules: [{string.Join(", ", Rules)}]");
            }

            if (Hosts.Length > 0)
            {
                match.Add($"hostname: {(Hosts.Length == 1 ? Hosts[0] : $"[{string.Join(", ", Hosts)}]")}");
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
                match.Add($"output_fields: [{string.Join(", ", Fields.Select(line => $"'{string.Join(", ", line.AsEnumerable())}'"))}]");
            }

            return match;
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

    internal sealed record RuleModel(MatchModel Match, MatchModel? Not, bool Continues)
    {
        public bool Matches(EventModel one) => Match.Holds(one) && (Not is null || !Not.Holds(one));

        public string ToYaml(string name)
        {
            var lines = Match.ToYaml();
            if (Not is not null)
            {
                lines.Add("not:");
                lines.AddRange(Not.ToYaml().Select(line => "  " + line));
            }

            string rule = lines.Count == 0
                ? $"- rule: {name}\n  actions: [{{action: a, actionner: \"kubernetes:label\", parameters: {{labels: {{x: y}}}}}}]\n"
                : Make.Rule(string.Join('\n', lines), name);
            return Continues ? rule : rule + "  continue: false\n";
        }
    }
}
