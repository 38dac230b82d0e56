using System.Collections.Immutable;
using Talon.Rules.Catalog;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Loading.Reading;
using Talon.Rules.Planning;
using Talon.Rules.Text;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Compiling;

/// <summary>Validates the output of an action against the catalog.</summary>
internal sealed class OutputCompiler(IPluginCatalog catalog, DiagnosticBag bag)
{
    private readonly ImmutableArray<string> _known = [.. catalog.Outputs.Select(output => output.Name)];

    /// <summary>The output as a plan holds it; null when there is none, or none that can be used.</summary>
    /// <param name="absent">The severity when something required is missing.</param>
    /// <param name="notBuilt">Gets the output when this version cannot write to it.</param>
    /// <param name="leftOut">Whether to leave the action out: its output is well named but unknown, and reading is lenient.</param>
    public PlannedOutput? Compile(
        RawAction action,
        ActionnerDescriptor descriptor,
        DiagnosticScope scope,
        DiagnosticSeverity absent,
        ImmutableArray<NotBuilt>.Builder notBuilt,
        out bool leftOut)
    {
        leftOut = false;
        if (action.Output is not { } output)
        {
            if (descriptor.Output == OutputUse.Required)
            {
                bag.Add(absent, action.Name.Mark, scope, $"{descriptor.Name} needs an output", "add 'output' with 'target' and 'parameters'");
            }

            return null;
        }

        if (descriptor.Output == OutputUse.None)
        {
            bag.Add(DiagnosticSeverity.Error, output.Mark, scope, $"{descriptor.Name} makes nothing that could go to an output", "remove 'output'");
            return null;
        }

        if (output.Target is not { } written)
        {
            bag.Add(absent, output.Mark, scope, "the output has no target", $"add 'target', one of {string.Join(", ", _known)}");
            return null;
        }

        if (catalog.Outputs.FirstOrDefault(known => known.Name == written.Value) is not { } target)
        {
            // Outputs are named like actionners; a malformed name is a slip, never something that only another version has.
            var severity = ActionnerName.TryParse(written.Value, out _) ? bag.LenientSeverity : DiagnosticSeverity.Error;
            leftOut = severity == DiagnosticSeverity.Warning;
            bag.Add(severity, written.Mark, scope, $"unknown output {CanonicalText.Quote(written.Value)}", Suggest.HintFor(written.Value, _known));
            return null;
        }

        if (!target.IsBuilt)
        {
            string advice = descriptor.Output == OutputUse.Allowed ? "remove 'output'" : "remove the action";
            notBuilt.Add(new NotBuilt(
                written.Mark,
                $"this version of Talon cannot write to {target.Name} yet",
                ActionCompiler.InsteadOf(advice, catalog.Outputs.Where(other => other.IsBuilt).Select(other => other.Name)),
                EndsAction: true));
        }

        return Bind(output, written.Mark, target, scope, absent) is { } parameters ? new PlannedOutput(target.Name, parameters) : null;
    }

    private ParameterMap? Bind(RawOutput output, YamlMark mark, OutputDescriptor target, DiagnosticScope scope, DiagnosticSeverity absent)
    {
        if (output.Parameters is null && target.Parameters.Specs.Where(spec => spec.Required).Select(spec => $"'{spec.Name}'").ToList() is { Count: > 0 } required)
        {
            bag.Add(absent, mark, scope, $"the output {target.Name} has no parameters", $"add 'parameters' with {string.Join(" and ", required)}");
            return null;
        }

        var binding = target.Parameters.Bind(ParameterNodes.ToMap(output.Parameters));
        foreach (var problem in binding.Problems)
        {
            bag.Add(
                problem.IsUnknownName ? bag.LenientSeverity : problem.IsMissing ? absent : DiagnosticSeverity.Error,
                ParameterNodes.MarkOf(problem, output.Parameters, mark),
                scope,
                problem.IsUnknownName ? $"{problem.Message} of {target.Name}" : $"output {target.Name}: {problem.Message}",
                problem.Hint);
        }

        return binding.Parameters;
    }
}
