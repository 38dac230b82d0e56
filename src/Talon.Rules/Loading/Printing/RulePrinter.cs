using System.Collections.Immutable;
using Talon.Rules.Loading.Reading;
using Talon.Rules.Text;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Printing;

/// <summary>
/// Writes merged rules as one rule file: what several rules do alike stands once, in action blocks before them; every other
/// action carries all that its action block said. The file loads again, strictly, into the same rule set.
/// </summary>
internal static class RulePrinter
{
    public static string Print(ImmutableArray<RawRule> rules)
    {
        if (rules.IsEmpty)
        {
            return "[]\n";
        }

        var yaml = new YamlPrinter();
        yaml.BeginList();
        var blocks = SharedActions.Of(rules);
        foreach (var block in blocks.Values)
        {
            Print(block, yaml);
        }

        foreach (var rule in rules)
        {
            Print(rule, blocks, yaml);
        }

        yaml.EndList();
        return yaml.End();
    }

    private static void Print(RawRule rule, OrderedDictionary<string, RawAction> blocks, YamlPrinter yaml)
    {
        yaml.BeginMap();
        Text("rule", rule.Name, yaml);
        Text("description", rule.Description, yaml);
        Match("match", rule.Match, yaml);

        Flag("continue", rule.Continue, yaml);
        Flag("dry_run", rule.DryRun, yaml);
        Texts("notifiers", rule.Notifiers, yaml);
        yaml.Text("actions");
        yaml.BeginList();
        foreach (var action in rule.Actions)
        {
            Print(blocks.ContainsKey(action.Name.Value) ? new RawAction(action.Name) : action, yaml);
        }

        yaml.EndList();
        yaml.EndMap();
    }

    private static void Match(string key, RawMatch? match, YamlPrinter yaml)
    {
        if (match is null || !SaysAnything(match))
        {
            return;
        }

        yaml.Text(key);
        yaml.BeginMap();
        Texts("rules", match.Rules, yaml);
        Texts("hostname", match.Hostnames, yaml);
        Text("source", match.Source, yaml);
        Text("priority", match.Priority, yaml);
        Texts("tags", match.Tags, yaml);
        Texts("output_fields", match.OutputFields, yaml);
        Match("not", match.Not, yaml);
        yaml.EndMap();
    }

    private static bool SaysAnything(RawMatch match) =>
        !(match.Rules.IsEmpty && match.Hostnames.IsEmpty && match.Source is null && match.Priority is null
            && match.Tags.IsEmpty && match.OutputFields.IsEmpty && match.Not is null);

    private static void Print(RawAction action, YamlPrinter yaml)
    {
        yaml.BeginMap();
        Text("action", action.Name, yaml);
        Text("description", action.Description, yaml);
        Text("actionner", action.Actionner, yaml);
        Node("parameters", action.Parameters, yaml);
        Flag("continue", action.Continue, yaml);
        Flag("ignore_errors", action.IgnoreErrors, yaml);
        Texts("additional_contexts", action.AdditionalContexts, yaml);
        if (action.Output is { } output)
        {
            yaml.Text("output");
            yaml.BeginMap();
            Text("target", output.Target, yaml);
            Node("parameters", output.Parameters, yaml);
            yaml.EndMap();
        }

        Duration("timeout", action.Timeout, yaml);
        Duration("max_age", action.MaxAge, yaml);
        Flag("retry_interrupted", action.RetryInterrupted, yaml);
        yaml.EndMap();
    }

    private static void Text(string key, Located<string>? value, YamlPrinter yaml)
    {
        if (value is { } said)
        {
            yaml.Text(key);
            yaml.Text(said.Value);
        }
    }

    private static void Flag(string key, Located<bool>? value, YamlPrinter yaml)
    {
        if (value is { } said)
        {
            yaml.Text(key);
            yaml.Flag(said.Value);
        }
    }

    private static void Duration(string key, Located<TimeSpan>? value, YamlPrinter yaml)
    {
        if (value is { } said)
        {
            yaml.Text(key);
            yaml.Plain(DurationText.Format(said.Value));
        }
    }

    private static void Texts(string key, ImmutableArray<Located<string>> values, YamlPrinter yaml)
    {
        if (values.IsEmpty)
        {
            return;
        }

        yaml.Text(key);
        yaml.BeginList();
        foreach (var value in values)
        {
            yaml.Text(value.Value);
        }

        yaml.EndList();
    }

    private static void Node(string key, YamlNode.Mapping? value, YamlPrinter yaml)
    {
        if (value is not null)
        {
            yaml.Text(key);
            yaml.Node(value);
        }
    }
}
