using System.Collections.Immutable;
using Talon.Rules.Catalog;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Loading.Reading;
using Talon.Rules.Planning;
using Talon.Rules.Text;

namespace Talon.Rules.Loading.Compiling;

/// <summary>Validates one resolved action against the catalog and turns it into what a plan holds.</summary>
internal sealed class ActionCompiler(IPluginCatalog catalog, DiagnosticBag bag)
{
    private readonly OutputCompiler _outputs = new(catalog, bag);
    private readonly ImmutableArray<string> _contexts = [.. catalog.Contexts.Select(context => context.Name)];

    /// <summary>Validates an action, even one that this version cannot run.</summary>
    /// <param name="absent">The severity when something required is missing. A wrong value is always an error.</param>
    public ActionVerdict Compile(RawAction action, DiagnosticScope scope, DiagnosticSeverity absent = DiagnosticSeverity.Error)
    {
        if (FindActionner(action, scope, out bool leftOut) is not { } descriptor)
        {
            return ActionVerdict.Nothing(leftOut, action.Continue?.Value ?? true);
        }

        var notBuilt = ImmutableArray.CreateBuilder<NotBuilt>();
        if (!descriptor.IsBuilt)
        {
            notBuilt.Add(new NotBuilt(
                action.Actionner!.Value.Mark,
                $"this version of Talon cannot run {descriptor.Name} yet",
                InsteadOf("remove the action", catalog.Actionners.Where(actionner => actionner.IsBuilt).Select(actionner => actionner.Name.ToString())),
                EndsAction: true));
        }

        var binding = descriptor.Parameters.Bind(ParameterNodes.ToMap(action.Parameters));
        foreach (var problem in binding.Problems)
        {
            bag.Add(
                problem.IsUnknownName ? bag.LenientSeverity : problem.IsMissing ? absent : DiagnosticSeverity.Error,
                ParameterNodes.MarkOf(problem, action.Parameters, action.Name.Mark),
                scope,
                problem.IsUnknownName ? $"{problem.Message} of {descriptor.Name}" : problem.Message,
                problem.Hint);
        }

        var output = _outputs.Compile(action, descriptor, scope, absent, notBuilt, out leftOut);
        var planned = new PlannedAction
        {
            Position = 0,
            Name = action.Name.Value,
            Actionner = descriptor.Name,
            Parameters = binding.Parameters,
            SaysContinue = action.Continue?.Value,
            IgnoreErrors = action.IgnoreErrors?.Value ?? false,
            AdditionalContexts = Contexts(action, descriptor, scope, notBuilt),
            Output = output,
            Timeout = action.Timeout?.Value,
            MaxAge = action.MaxAge?.Value,
            RetryInterrupted = action.RetryInterrupted?.Value ?? false,
        };
        bool continues = action.Continue?.Value ?? descriptor.ContinueByDefault;
        return leftOut || notBuilt.Any(lack => lack.EndsAction)
            ? new ActionVerdict(null, leftOut, notBuilt.ToImmutable(), continues)
            : new ActionVerdict(new CompiledAction(planned, continues, descriptor), false, notBuilt.ToImmutable(), continues);
    }

    /// <summary>A hint that names what is there instead, if anything.</summary>
    public static string InsteadOf(string advice, IEnumerable<string> built) =>
        string.Join(", ", built) is { Length: > 0 } names ? $"{advice}, or use one that is built: {names}" : advice;

    private ActionnerDescriptor? FindActionner(RawAction action, DiagnosticScope scope, out bool leftOut)
    {
        leftOut = false;
        if (action.Actionner is not { } written)
        {
            // The search for the block has reported it.
            return null;
        }

        bool wellFormed = ActionnerName.TryParse(written.Value, out var name);
        if (wellFormed && catalog.FindActionner(name) is { } descriptor)
        {
            return descriptor;
        }

        // A malformed name is a slip, never something that only another version has.
        var severity = wellFormed ? bag.LenientSeverity : DiagnosticSeverity.Error;
        leftOut = severity == DiagnosticSeverity.Warning;
        bag.Add(
            severity,
            written.Mark,
            scope,
            $"unknown actionner {CanonicalText.Quote(written.Value)}",
            Suggest.HintFor(written.Value, [.. catalog.Actionners.Select(actionner => actionner.Name.ToString())]));
        return null;
    }

    private ImmutableArray<string> Contexts(
        RawAction action, ActionnerDescriptor descriptor, DiagnosticScope scope, ImmutableArray<NotBuilt>.Builder notBuilt)
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

        var built = ImmutableArray.CreateBuilder<string>();
        foreach (var written in action.AdditionalContexts)
        {
            if (catalog.Contexts.FirstOrDefault(context => context.Name == written.Value) is not { } context)
            {
                bag.Add(
                    DiagnosticSeverity.Error,
                    written.Mark,
                    scope,
                    $"unknown context {CanonicalText.Quote(written.Value)}",
                    Suggest.HintFor(written.Value, _contexts));
            }
            else if (!context.IsBuilt)
            {
                notBuilt.Add(new NotBuilt(
                    written.Mark,
                    $"this version of Talon cannot look up the context '{context.Name}' yet",
                    InsteadOf("remove it from 'additional_contexts'", catalog.Contexts.Where(other => other.IsBuilt).Select(other => other.Name)),
                    EndsAction: false));
            }
            else if (!built.Contains(context.Name))
            {
                built.Add(context.Name);
            }
        }

        return built.ToImmutable();
    }
}
