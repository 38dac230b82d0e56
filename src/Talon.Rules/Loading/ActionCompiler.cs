using System.Collections.Immutable;
using Talon.Rules.Matching;
using Talon.Rules.Model;
using Talon.Rules.Planning;
using Talon.Rules.Plugins;
using Talon.Rules.Text;

namespace Talon.Rules.Loading;

/// <summary>Validates one resolved action against the catalog and makes of it what a plan holds.</summary>
internal sealed class ActionCompiler(IPluginCatalog catalog, DiagnosticBag bag)
{
    private static readonly ImmutableArray<string> KnownContexts = ["aws", "k8snode"];

    /// <summary>The action with every default filled in; null when there is nothing to run, and the bag says why.</summary>
    /// <param name="action">The action.</param>
    /// <param name="scope">Where it stands.</param>
    /// <param name="leftOut">Whether it is only left out: lenient reading does without what is not built.</param>
    public CompiledAction? Compile(RawAction action, DiagnosticScope scope, out bool leftOut)
    {
        if (FindActionner(action, scope, out leftOut) is not { } descriptor)
        {
            return null;
        }

        var binding = descriptor.Parameters.Bind(ParameterNodes.ToMap(action.Parameters));
        foreach (var problem in binding.Problems)
        {
            bag.Add(
                problem.IsUnknownName ? bag.LenientSeverity : DiagnosticSeverity.Error,
                ParameterNodes.MarkOf(problem, action.Parameters, action.Name.Mark),
                scope,
                problem.IsUnknownName ? $"{problem.Message} of {descriptor.Name}" : problem.Message,
                problem.Hint);
        }

        CheckOutput(action, descriptor, scope, out leftOut);
        var planned = new PlannedAction
        {
            Position = 0,
            Name = action.Name.Value,
            Actionner = descriptor.Name,
            Parameters = binding.Parameters,
            SaysContinue = action.Continue?.Value,
            IgnoreErrors = action.IgnoreErrors?.Value ?? false,
            AdditionalContexts = Contexts(action, descriptor, scope),
            Timeout = action.Timeout?.Value,
            MaxAge = action.MaxAge?.Value,
            RetryInterrupted = action.RetryInterrupted?.Value ?? false,
        };
        return leftOut ? null : new CompiledAction(planned, action.Continue?.Value ?? descriptor.ContinueByDefault, descriptor);
    }

    private ActionnerDescriptor? FindActionner(RawAction action, DiagnosticScope scope, out bool leftOut)
    {
        leftOut = false;
        if (action.Actionner is not { } written)
        {
            // Reported where the block was looked for.
            return null;
        }

        bool wellFormed = ActionnerName.TryParse(written.Value, out var name);
        if (wellFormed && catalog.FindActionner(name) is { } descriptor)
        {
            return descriptor;
        }

        var known = catalog.Actionners.Select(actionner => actionner.Name.ToString());
        string? nearest = Suggest.Nearest(written.Value, known);
        var severity = SeverityOfUnknown(wellFormed);
        leftOut = severity == DiagnosticSeverity.Warning;
        bag.Add(
            severity,
            written.Mark,
            scope,
            $"unknown actionner {CanonicalText.Quote(written.Value)}",
            nearest is not null ? $"did you mean '{nearest}'?" : $"known: {string.Join(", ", known)}");
        return null;
    }

    // A malformed name is a slip, never something that is only not built yet.
    private DiagnosticSeverity SeverityOfUnknown(bool wellFormed) => wellFormed ? bag.LenientSeverity : DiagnosticSeverity.Error;

    private void CheckOutput(RawAction action, ActionnerDescriptor descriptor, DiagnosticScope scope, out bool leftOut)
    {
        leftOut = false;
        if (action.Output is not { } output)
        {
            if (descriptor.Output == OutputUse.Required)
            {
                bag.Add(DiagnosticSeverity.Error, action.Name.Mark, scope, $"{descriptor.Name} needs an output", "add 'output' with 'target' and 'parameters'");
            }

            return;
        }

        if (descriptor.Output == OutputUse.None)
        {
            bag.Add(DiagnosticSeverity.Error, output.Mark, scope, $"{descriptor.Name} makes nothing that could go to an output", "remove 'output'");
        }
        else if (output.Target is { } target)
        {
            // Outputs are named like actionners, category:name.
            var severity = SeverityOfUnknown(ActionnerName.TryParse(target.Value, out _));
            leftOut = severity == DiagnosticSeverity.Warning;
            bag.Add(severity, target.Mark, scope, $"unknown output {CanonicalText.Quote(target.Value)}", "this version has no outputs");
        }
        else
        {
            bag.Add(DiagnosticSeverity.Error, output.Mark, scope, "the output has no target", "add 'target'");
        }
    }

    private ImmutableArray<string> Contexts(RawAction action, ActionnerDescriptor descriptor, DiagnosticScope scope)
    {
        if (action.AdditionalContexts.IsEmpty)
        {
            return [];
        }

        if (!descriptor.UsesContexts)
        {
            bag.Add(
                bag.LenientSeverity, action.AdditionalContexts[0].Mark, scope, $"{descriptor.Name} has no use for additional contexts", "remove 'additional_contexts'");
            return [];
        }

        foreach (var context in action.AdditionalContexts)
        {
            if (!KnownContexts.Contains(context.Value, StringComparer.Ordinal))
            {
                bag.Add(
                    DiagnosticSeverity.Error,
                    context.Mark,
                    scope,
                    $"unknown context {CanonicalText.Quote(context.Value)}",
                    Suggest.Nearest(context.Value, KnownContexts) is { } nearest ? $"did you mean '{nearest}'?" : $"known: {string.Join(", ", KnownContexts)}");
            }
        }

        return [.. action.AdditionalContexts.Select(context => context.Value).Distinct(StringComparer.Ordinal)];
    }
}
