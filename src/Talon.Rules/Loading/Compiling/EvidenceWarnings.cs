using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Compiling;

/// <summary>
/// Warns, within one rule, of actions that collect evidence before one that takes something away from the workload: a failure ends the
/// rule, and whoever controls the container can cause that failure.
/// </summary>
internal sealed class EvidenceWarnings(DiagnosticBag bag, DiagnosticScope rule)
{
    private readonly int _errors = bag.ErrorCount;
    private readonly List<(YamlMark Mark, CompiledAction Action)> _before = [];

    /// <summary>Takes the next action of the rule that can run.</summary>
    /// <param name="mark">Where the rule names it.</param>
    public void Add(YamlMark mark, CompiledAction action)
    {
        // An action with errors may be meant otherwise than it reads.
        if (bag.ErrorCount > _errors)
        {
            return;
        }

        if (action.Descriptor.Destructive)
        {
            foreach (var (where, evidence) in _before)
            {
                bag.Add(
                    DiagnosticSeverity.Warning,
                    where,
                    rule with { Action = evidence.Planned.Name },
                    $"whoever controls the container can make {evidence.Descriptor.Name} fail, and then action '{action.Planned.Name}' "
                        + $"({action.Descriptor.Name}) after it does not run",
                    "say 'ignore_errors: true' here");
            }

            // Once for each of them is enough, however many actions it holds back.
            _before.Clear();
        }

        if (action.Descriptor.FailsAtWillOfContainer && !action.Planned.IgnoreErrors)
        {
            _before.Add((mark, action));
        }
    }
}
