using System.Text;
using System.Text.Json;

namespace Talon.Benchmarks;

/// <summary>Makes rule files of any size.</summary>
internal static class RuleTexts
{
    /// <summary>Rules that name one Falco rule of the sample each, and look at the priority and one field.</summary>
    public static string Named(int count) => Make(count, i => $"""
        rules: [{Quote(SampleEvents.FalcoRules[i % SampleEvents.FalcoRules.Length])}]
            priority: ">=Notice"
            output_fields: ["k8s.ns.name!=team-{i}"]
        """);

    /// <summary>Rules that name no Falco rule, so that each is looked at for each event.</summary>
    public static string Unnamed(int count) => Make(count, i => $"""
        priority: ">=Notice"
            output_fields: ["proc.name=process-{i}, k8s.ns.name!=kube-system"]
        """);

    /// <summary>Rules that name no Falco rule and look at one field, which most events of the sample have, with one operator; next to none holds.</summary>
    /// <param name="condition">What follows the name of the field; <c>#</c> stands for the number of the rule.</param>
    /// <param name="count">How many.</param>
    public static string WithCondition(string condition, int count) =>
        Make(count, i => $"output_fields: [{Quote($"proc.cmdline {condition.Replace("#", $"{i}", StringComparison.Ordinal)}")}]");

    /// <summary>Rules that match none of the sample: half of them name Falco rules of it, half name none.</summary>
    public static string NotMatching(int count) => Make(count, i => i % 2 == 0
        ? $"""
            rules: [{Quote(SampleEvents.FalcoRules[i % SampleEvents.FalcoRules.Length])}]
                output_fields: ["benchmark.field=never-{i}"]
            """
        : $"""output_fields: ["benchmark.field=never-{i}"]""");

    /// <summary>One rule that matches the events of <see cref="Load.ShellEvents"/>.</summary>
    /// <param name="action">The lines of its one action behind its name, for instance <c>actionner: kubernetes:terminate</c>.</param>
    /// <param name="dryRun">Whether it only says what it would do.</param>
    public static string Matching(string action, bool dryRun) => $$"""
        - rule: "matching"
          dry_run: {{(dryRun ? "true" : "false")}}
          match:
            rules: [{{Quote(Load.ShellEvents.FalcoRule)}}]
          actions:
            - {action: act, {{action}}}

        """;

    private static string Make(int count, Func<int, string> match)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            text.Append($$"""
                - rule: "rule-{{i}}"
                  match:
                    {{match(i)}}
                  actions:
                    - {action: act, actionner: "kubernetes:label", parameters: {labels: {suspicious: "true"} } }

                """);
        }

        return text.ToString();
    }

    // A JSON string is a YAML string.
    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
