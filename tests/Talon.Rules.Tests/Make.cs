using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Talon.Rules.Events;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Loading.Files;
using Talon.Rules.Matching;

namespace Talon.Rules.Tests;

/// <summary>Short ways to the things most tests begin with.</summary>
internal static class Make
{
    public static FalcoEvent Event(string json)
    {
        var parsed = FalcoEventParser.Parse(Encoding.UTF8.GetBytes(json));
        Assert.Null(parsed.Error);
        return parsed.Event!;
    }

    public static FalcoEvent EventOf(
        string rule = "R", string priority = "Warning", string? source = null, string[]? tags = null, params (string Name, string Json)[] fields)
    {
        var json = new JsonObject { ["rule"] = rule, ["priority"] = priority };
        if (source is not null)
        {
            json["source"] = source;
        }

        if (tags is not null)
        {
            json["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)JsonValue.Create(tag))]);
        }

        string members = string.Join(',', fields.Select(field => $"{JsonSerializer.Serialize(field.Name)}:{field.Json}"));
        return Event(json.ToJsonString()[..^1] + $",\"output_fields\":{{{members}}}}}");
    }

    public static RuleLoadResult Load(params string[] files) => Load(lenient: false, files);

    public static RuleLoadResult Load(bool lenient, params string[] files) => RuleLoader.Load(
        [.. files.Select((text, index) => new RuleFile(files.Length == 1 ? "rules.yaml" : $"rules{index + 1}.yaml", text))],
        TestCatalog.Instance,
        new RuleLoadOptions { Lenient = lenient });

    public static RuleSet Rules(params string[] files)
    {
        var result = Load(files);
        Assert.DoesNotContain(result.Diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return result.Rules!;
    }

    /// <summary>A rule 'T' with the given lines under <c>match</c> and one labelling action.</summary>
    public static string Rule(string match, string name = "T") =>
        $"- rule: {name}\n  match:\n{Indent(match)}\n  actions:\n    - {{action: a, actionner: \"kubernetes:label\", parameters: {{labels: {{x: y}}}}}}\n";

    public static string GoldenPath(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "Golden", .. parts]);

    private static string Indent(string text) => string.Join('\n', text.Split('\n').Select(line => "    " + line));
}
