using System.Collections.Immutable;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Loading.Files;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Reading;

/// <summary>Reads the shape of rule files: which action blocks and rules there are and what they say. Nothing is merged or defaulted here.</summary>
internal sealed class RuleFileReader(DiagnosticBag bag)
{
    // What runs longer than a day is no answer to an event; timers cannot hold the longest durations anyway.
    private const int LongestTimeoutHours = 24;

    private readonly MatchReader _match = new(bag);
    private readonly List<RawAction> _blocks = [];
    private readonly List<RawRule> _rules = [];

    /// <summary>The action blocks read so far, in order.</summary>
    public IReadOnlyList<RawAction> Blocks => _blocks;

    /// <summary>The rules read so far, in order.</summary>
    public IReadOnlyList<RawRule> Rules => _rules;

    public void Read(RuleFile file)
    {
        var result = YamlDocument.Read(file.Path, file.Text);
        foreach (var problem in result.Problems)
        {
            bag.Add(DiagnosticSeverity.Error, problem.Mark, default, problem.Message, problem.Hint);
        }

        if (result.Documents.Length > 1)
        {
            bag.Add(
                DiagnosticSeverity.Warning,
                result.Documents[1].Mark,
                default,
                "a second document begins here; the original read the first only, Talon reads all of them",
                "remove it if it is not meant, or the '---' before it if it is");
        }

        foreach (var document in result.Documents)
        {
            if (document is not YamlNode.Sequence list)
            {
                bag.Add(DiagnosticSeverity.Error, document.Mark, default, $"a rule file is a list, not {document.Describe()}", "begin each rule with '- rule: name' and each action block with '- action: name'");
                continue;
            }

            foreach (var item in list.Items)
            {
                ReadElement(item);
            }
        }
    }

    private void ReadElement(YamlNode node)
    {
        if (node is not YamlNode.Mapping map)
        {
            bag.Add(DiagnosticSeverity.Error, node.Mark, default, $"an item of a rule file must be a rule or an action block, not {node.Describe()}", "begin it with '- rule: name' or '- action: name'");
            return;
        }

        bool isRule = map.Find("rule") is not null;
        bool isBlock = map.Find("action") is not null;
        switch (isRule, isBlock)
        {
            case (true, true):
                bag.Add(DiagnosticSeverity.Error, map.Mark, default, "an item has both 'rule' and 'action'", "make it two items: a rule and an action block");
                break;
            case (true, false):
                ReadRule(map);
                break;
            case (false, true):
                if (ReadAction(map, rule: null, "an action block") is { } block)
                {
                    _blocks.Add(block);
                }

                break;
            default:
                bag.Add(DiagnosticSeverity.Error, map.Mark, default, "an item has neither 'rule' nor 'action'", "begin it with '- rule: name' or '- action: name'");
                break;
        }
    }

    private void ReadRule(YamlNode.Mapping map)
    {
        var reader = new KeyReader(map, bag, new DiagnosticScope(NameIn(map, "rule"), null));
        var name = reader.Text("rule");
        var rule = new RawRule(name ?? new Located<string>("", map.Mark))
        {
            Description = reader.Text("description", mayBeEmpty: true),
            Match = _match.Read(map, reader),
            Actions = ReadActions(reader),
            SaysActions = map.Find("actions") is not null,
            Notifiers = reader.Texts("notifiers", mayBeEmpty: true),
            Continue = reader.Flag("continue"),
            DryRun = reader.Flag("dry_run"),
        };
        bool unknown = reader.ReportUnknown("a rule", below: ("match", MatchReader.AllKeys));
        if (name is not null)
        {
            _rules.Add(rule with { HasUnknownKeys = unknown });
        }
    }

    private ImmutableArray<RawAction> ReadActions(KeyReader rule)
    {
        var actions = ImmutableArray.CreateBuilder<RawAction>();
        foreach (var item in rule.List("actions", mayBeEmpty: false))
        {
            if (item is not YamlNode.Mapping map)
            {
                rule.Error(item.Mark, $"an item of 'actions' must be a map, not {item.Describe()}", "begin it with '- action: name'");
            }
            else if (ReadAction(map, rule.Scope.Rule, "an action of a rule") is { } action)
            {
                actions.Add(action);
            }
        }

        return actions.ToImmutable();
    }

    private RawAction? ReadAction(YamlNode.Mapping map, string? rule, string place)
    {
        var reader = new KeyReader(map, bag, new DiagnosticScope(rule, NameIn(map, "action")));
        if (map.Find("action") is null)
        {
            reader.Error(map.Mark, "an action has no name", "begin it with '- action: name'");
        }

        var name = reader.Text("action");
        var action = new RawAction(name ?? new Located<string>("", map.Mark))
        {
            Description = reader.Text("description", mayBeEmpty: true),
            Actionner = reader.Text("actionner"),
            Continue = reader.Flag("continue"),
            IgnoreErrors = reader.Flag("ignore_errors"),
            Parameters = reader.Map("parameters"),
            AdditionalContexts = reader.Texts("additional_contexts", mayBeEmpty: true),
            Output = reader.Map("output") is { } output ? ReadOutput(output, reader.Scope) : null,
            Timeout = reader.Duration("timeout", mayBeZero: false, LongestTimeoutHours),
            MaxAge = reader.Duration("max_age", mayBeZero: true),
            RetryInterrupted = reader.Flag("retry_interrupted"),
        };
        reader.ReportUnknown(place);
        return name is null ? null : action;
    }

    private RawOutput ReadOutput(YamlNode.Mapping map, DiagnosticScope scope)
    {
        var reader = new KeyReader(map, bag, scope);
        var output = new RawOutput(map.Mark)
        {
            Target = reader.Text("target"),
            Parameters = reader.Map("parameters"),
        };
        reader.ReportUnknown("'output'");
        return output;
    }

    private static string? NameIn(YamlNode.Mapping map, string key) =>
        map.Find(key) is YamlNode.Scalar { IsNull: false, Text: { Length: > 0 } text } ? text : null;
}
