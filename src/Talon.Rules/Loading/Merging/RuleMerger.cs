using System.Runtime.InteropServices;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Loading.Reading;
using Talon.Rules.Text;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Merging;

/// <summary>Merges what several files, or several places of one file, say about the same action block or rule.</summary>
internal sealed class RuleMerger(DiagnosticBag bag)
{
    private readonly ParameterMerger _parameters = new(bag);

    /// <summary>The action blocks by name; the place of the first occurrence is kept.</summary>
    public List<RawAction> MergeBlocks(IEnumerable<RawAction> blocks)
    {
        var merged = new List<RawAction>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var seen = new Dictionary<(string File, string Name), YamlMark>();
        foreach (var block in blocks)
        {
            var scope = new DiagnosticScope(null, block.Name.Value);
            WarnOfRepetition(seen, block.Name, scope, "action block");
            if (!places.TryGetValue(block.Name.Value, out int at))
            {
                places.Add(block.Name.Value, merged.Count);
                merged.Add(block);
                continue;
            }

            var over = Over(merged[at], block, scope);
            merged[at] = over with { AdditionalContexts = merged[at].AdditionalContexts.AddRange(block.AdditionalContexts) };
        }

        return merged;
    }

    /// <summary>The rules by name; the place of the first occurrence is kept.</summary>
    public List<RawRule> MergeRules(IEnumerable<RawRule> rules)
    {
        var said = new List<List<RawRule>>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var seen = new Dictionary<(string File, string Name), YamlMark>();
        foreach (var rule in rules)
        {
            WarnOfRepetition(seen, rule.Name, new DiagnosticScope(rule.Name.Value, null), "rule");
            if (!places.TryGetValue(rule.Name.Value, out int at))
            {
                places.Add(rule.Name.Value, said.Count);
                said.Add([rule]);
                continue;
            }

            said[at].Add(rule);
        }

        return [.. said.Select(parts => Joined(CollectionsMarshal.AsSpan(parts)))];
    }

    /// <summary>A rule's action with what it does not say itself filled in from the action block of its name.</summary>
    public RawAction Resolve(RawAction local, RawAction? block, string rule, IEnumerable<string> blockNames)
    {
        var scope = new DiagnosticScope(rule, local.Name.Value);
        if (block is not null)
        {
            if (local.Actionner is { } own && block.Actionner is { } blocks && own.Value != blocks.Value)
            {
                bag.Add(
                    DiagnosticSeverity.Warning,
                    own.Mark,
                    scope,
                    $"the actionner differs from '{blocks.Value}' of the action block of the same name, whose parameters are taken over",
                    "give the action another name if it has nothing to do with the block");
            }

            return Over(block, local, scope);
        }

        if (local.Actionner is null)
        {
            string hint = Suggest.Nearest(local.Name.Value, blockNames) is { } nearest
                ? $"did you mean '{nearest}'?"
                : "name its actionner here or write an action block of that name";
            bag.Add(DiagnosticSeverity.Error, local.Name.Mark, scope, "there is no action block of that name, and the action names no actionner", hint);
        }

        return local;
    }

    private RawAction Over(RawAction earlier, RawAction later, DiagnosticScope scope) => new(later.Name)
    {
        Description = later.Description ?? earlier.Description,
        Actionner = later.Actionner ?? earlier.Actionner,
        Continue = later.Continue ?? earlier.Continue,
        IgnoreErrors = later.IgnoreErrors ?? earlier.IgnoreErrors,
        Parameters = _parameters.Merge(earlier.Parameters, later.Parameters, scope),
        AdditionalContexts = later.AdditionalContexts.IsEmpty ? earlier.AdditionalContexts : later.AdditionalContexts,
        Output = Over(earlier.Output, later.Output, scope),
        Timeout = later.Timeout ?? earlier.Timeout,
        MaxAge = later.MaxAge ?? earlier.MaxAge,
        RetryInterrupted = later.RetryInterrupted ?? earlier.RetryInterrupted,
    };

    // The parameters of one target mean nothing to another.
    private RawOutput? Over(RawOutput? earlier, RawOutput? later, DiagnosticScope scope)
    {
        if (earlier is null || later is null)
        {
            return later ?? earlier;
        }

        if (later.Target is { } target && earlier.Target is { } other && other.Value != target.Value)
        {
            return later;
        }

        return later with
        {
            Target = later.Target ?? earlier.Target,
            Parameters = _parameters.Merge(earlier.Parameters, later.Parameters, scope),
        };
    }

    // By halves, since lists that grow with every override would be copied as often as there are overrides.
    private static RawRule Joined(ReadOnlySpan<RawRule> parts) =>
        parts.Length == 1 ? parts[0] : Over(Joined(parts[..(parts.Length / 2)]), Joined(parts[(parts.Length / 2)..]));

    private static RawRule Over(RawRule earlier, RawRule later) => new(earlier.Name)
    {
        Description = later.Description ?? earlier.Description,
        Match = earlier.Match.With(later.Match),
        Actions = earlier.Actions.AddRange(later.Actions),
        SaysActions = earlier.SaysActions || later.SaysActions,
        HasUnknownKeys = earlier.HasUnknownKeys || later.HasUnknownKeys,
        Notifiers = earlier.Notifiers.AddRange(later.Notifiers),
        Continue = later.Continue ?? earlier.Continue,
        DryRun = later.DryRun ?? earlier.DryRun,
    };

    // By file: what another file says again is an override.
    private void WarnOfRepetition(Dictionary<(string File, string Name), YamlMark> seen, Located<string> name, DiagnosticScope scope, string what)
    {
        var key = (name.Mark.File, name.Value);
        if (seen.TryGetValue(key, out var before))
        {
            bag.Add(
                DiagnosticSeverity.Warning,
                name.Mark,
                scope,
                $"the file has another {what} of that name at {before.Line}:{before.Column}; both are merged",
                "rename one of them if they are two different things");
        }

        seen[key] = name.Mark;
    }
}
