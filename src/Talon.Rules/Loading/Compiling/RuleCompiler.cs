using System.Collections.Immutable;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Loading.Merging;
using Talon.Rules.Loading.Reading;
using Talon.Rules.Matching;
using Talon.Rules.Planning;

namespace Talon.Rules.Loading.Compiling;

/// <summary>Compiles merged rules, and warns of what is allowed but hardly meant.</summary>
internal sealed class RuleCompiler(IPluginCatalog catalog, MatchKeys keys, DiagnosticBag bag)
{
    private readonly RuleMerger _merger = new(bag);
    private readonly MatchCompiler _match = new(keys, bag);
    private readonly RuleShadows _shadows = new(bag);
    private readonly ActionCompiler _actions = new(catalog, bag);
    private readonly NotifierCompiler _notifiers = new(catalog, bag);
    private readonly ImmutableArray<RawRule>.Builder _merged = ImmutableArray.CreateBuilder<RawRule>();

    /// <summary>The compiled rules as written, merged, without what was left out.</summary>
    public ImmutableArray<RawRule> Merged => _merged.ToImmutable();

    /// <summary>The rules in order; those with errors are left out, and the errors are in the bag.</summary>
    public ImmutableArray<Rule> Compile(IEnumerable<RawAction> rawBlocks, IEnumerable<RawRule> rawRules)
    {
        var blocks = _merger.MergeBlocks(rawBlocks).ToDictionary(block => block.Name.Value, StringComparer.Ordinal);
        var rules = ImmutableArray.CreateBuilder<Rule>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        RawRule? catchAll = null;
        foreach (var raw in _merger.MergeRules(rawRules))
        {
            if (catchAll is not null)
            {
                bag.Add(
                    DiagnosticSeverity.Warning,
                    raw.Name.Mark,
                    new DiagnosticScope(raw.Name.Value, null),
                    $"the rule can never act: rule '{catchAll.Name.Value}' before it matches every event and does not continue",
                    null);
            }

            used.UnionWith(raw.Actions.Select(action => action.Name.Value));
            var rule = CompileRule(raw, blocks, out bool isWhole);
            if (rule is not null)
            {
                rules.Add(rule);
                if (catchAll is null && isWhole)
                {
                    _shadows.Add(rule, raw.Name.Mark);
                }

                catchAll ??= rule is { Conditions.IsEmpty: true, Continues: false } && isWhole ? raw : null;
            }
        }

        foreach (var block in blocks.Values.Where(block => !used.Contains(block.Name.Value)))
        {
            CheckUnused(block);
        }

        return rules.ToImmutable();
    }

    private Rule? CompileRule(RawRule raw, Dictionary<string, RawAction> blocks, out bool isWhole)
    {
        var scope = new DiagnosticScope(raw.Name.Value, null);
        var conditions = _match.Compile(raw.Match, scope, out isWhole);
        var notifiers = _notifiers.Compile(raw, scope);
        if (raw.Actions.IsEmpty)
        {
            if (!raw.SaysActions)
            {
                bag.Add(DiagnosticSeverity.Error, raw.Name.Mark, scope, "the rule has no actions", "add 'actions' with at least one '- action: name'");
            }

            return null;
        }

        var actions = ImmutableArray.CreateBuilder<PlannedAction>();
        var kept = ImmutableArray.CreateBuilder<RawAction>();
        var evidence = new EvidenceWarnings(bag, scope);
        var named = default(VolatileSet);
        string? stopper = null;
        bool stoppedByNothing = false;
        bool valid = true;
        foreach (var local in raw.Actions)
        {
            var actionScope = scope with { Action = local.Name.Value };
            var block = blocks.GetValueOrDefault(local.Name.Value);
            var resolved = _merger.Resolve(local, block, raw.Name.Value, blocks.Keys);
            if (block is not null && resolved.Actionner is null)
            {
                bag.Add(DiagnosticSeverity.Error, local.Name.Mark, actionScope, "neither the action nor its action block names an actionner", "add 'actionner: category:name'");
            }

            var verdict = _actions.Compile(resolved, actionScope);
            foreach (var lack in verdict.NotBuilt)
            {
                bag.Add(bag.LenientSeverity, lack.Mark, actionScope, lack.Message, lack.Hint);
            }

            if (verdict.Action is { } action)
            {
                if (stopper is not null)
                {
                    bag.Add(
                        DiagnosticSeverity.Warning,
                        local.Name.Mark,
                        actionScope,
                        $"the action can never run: action '{stopper}' before it does not continue",
                        "say 'continue: true' there, or put this action before it");
                }

                WarnIfUnlimited(raw, conditions, isWhole, action, actionScope);
                if (!stoppedByNothing)
                {
                    kept.Add(MergedRule.Of(resolved, action));
                }

                if (stopper is null)
                {
                    actions.Add(action.Planned with { Position = actions.Count });
                    evidence.Add(local.Name.Mark, action);
                    named = named.Union(NamedFields.In(action.Planned, action.Descriptor));
                }
            }
            else
            {
                valid &= verdict.IsLeftOut || (bag.LenientSeverity == DiagnosticSeverity.Warning && !verdict.NotBuilt.IsEmpty);
            }

            // What is left out still holds back what stands after it: otherwise more would be done than the file says.
            if (stopper is null && !verdict.Continues)
            {
                stopper = local.Name.Value;
                stoppedByNothing = verdict.Action is null;
            }
        }

        if (IsWidened(raw, conditions))
        {
            LeaveOut(raw, scope, "without its unknown keys it might match more than is meant", "correct or remove them");
            return null;
        }

        if (valid && actions.Count == 0)
        {
            LeaveOut(raw, scope, "this version can run none of its actions", "name an actionner and output of this version");
            return null;
        }

        var plan = new PlannedRule(
            raw.Name.Value,
            raw.DryRun?.Value ?? false,
            notifiers,
            actions.ToImmutable())
        {
            SaysContinue = raw.Continue?.Value,
        };
        if (!valid)
        {
            return null;
        }

        _merged.Add(MergedRule.Of(raw, kept.ToImmutable(), notifiers));
        return new Rule(raw.Name.Value, raw.Description?.Value ?? "", raw.Continue?.Value ?? true, conditions, plan, named);
    }

    // Lenient reading goes on without keys that it does not know. A rule must not match more for it than its author meant.
    private bool IsWidened(RawRule raw, ImmutableArray<IEventCondition> conditions) =>
        bag.LenientSeverity == DiagnosticSeverity.Warning && (raw.Match.HasUnknownKeys || (raw.HasUnknownKeys && conditions.IsEmpty));

    private void LeaveOut(RawRule raw, DiagnosticScope scope, string reason, string hint)
    {
        string after = raw.Continue?.Value == false ? "; rules after it now act on its events too, which it would have kept from them" : "";
        bag.Add(DiagnosticSeverity.Warning, raw.Name.Mark, scope, $"the rule is left out: {reason}{after}", hint);
    }

    private void WarnIfUnlimited(RawRule raw, ImmutableArray<IEventCondition> conditions, bool isWhole, CompiledAction action, DiagnosticScope scope)
    {
        if (isWhole && conditions.All(condition => condition is NotCondition) && action.Descriptor.Destructive && raw.DryRun?.Value != true)
        {
            string all = conditions.IsEmpty ? "every event" : "every event that 'not' does not exclude";
            bag.Add(
                DiagnosticSeverity.Warning,
                raw.Name.Mark,
                scope,
                $"the rule matches {all}, and {action.Descriptor.Name} takes something away",
                conditions.IsEmpty ? "add conditions under 'match'" : "add conditions under 'match' beside 'not'");
        }
    }

    // A rule that uses the block may add what it lacks. A wrong value stays wrong.
    private void CheckUnused(RawAction block)
    {
        var scope = new DiagnosticScope(null, block.Name.Value);
        var verdict = _actions.Compile(block, scope, absent: DiagnosticSeverity.Warning);
        string[] said = ["no rule uses this action block", .. verdict.NotBuilt.Select(lack => lack.Message)];
        bag.Add(DiagnosticSeverity.Warning, block.Name.Mark, scope, string.Join(", and ", said), null);
    }
}
