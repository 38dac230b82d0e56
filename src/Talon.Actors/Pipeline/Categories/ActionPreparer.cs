using Talon.Actors.Clients.Calls;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline.Categories;

/// <summary>
/// Gives an action what it asks for beside its event, before it prepares: the values of its additional contexts, and an output
/// that would take its artifact. Where one of them fails the action ends; it does not run on half of what it needs.
/// </summary>
/// <param name="note">Told how an output did, by its name: null when it took an artifact, otherwise why not.</param>
internal sealed class ActionPreparer(
    IReadOnlyDictionary<string, IContext> contexts, IReadOnlyDictionary<string, IOutput> outputs, Action<string, string?> note)
{
    public async Task<Prepared> PrepareAsync(IActionner actionner, ActionRequest request, CallScope scope)
    {
        var descriptor = actionner.Descriptor;
        if (descriptor.UsesContexts)
        {
            foreach (string name in request.Action.AdditionalContexts)
            {
                if (!contexts.TryGetValue(name, out var context))
                {
                    return End(request, new ActionOutcome.Failed(FailureKind.Invalid, $"this node has no context {name}", Objects.None));
                }

                switch (await context.LookUpAsync(request, scope))
                {
                    case ContextResult.Found found:
                        request = request with { Context = request.Context.SetItems(found.Values.Where(value => value.Value.Length > 0)) };
                        break;
                    case ContextResult.Later later:
                        return new Prepared(request, new Preparation.Later($"the context {name}: {later.Reason}"));
                    case ContextResult.Failed { Outcome: ActionOutcome.Failed failed }:
                        return End(request, failed with { Reason = $"the context {name}: {failed.Reason}" });
                    case ContextResult.Failed failed:
                        return End(request, failed.Outcome);
                }
            }
        }

        if (request.Action.Output is { } planned && descriptor.Output != OutputUse.None)
        {
            if (!outputs.TryGetValue(planned.Target, out var output))
            {
                return End(request, new ActionOutcome.Failed(FailureKind.Invalid, $"this node has no output {planned.Target}", Objects.None));
            }

            var store = new ArtifactStore(output, planned, failure => note(planned.Target, failure));
            if (await store.CheckAsync(scope) is { } refused)
            {
                return End(request, refused);
            }

            request = request with { Output = store };
        }
        else if (descriptor.Output == OutputUse.Required)
        {
            return End(request, new ActionOutcome.Failed(FailureKind.Invalid, $"{descriptor.Name} needs an output, and the action has none", Objects.None));
        }

        return new Prepared(request, await actionner.PrepareAsync(request, scope));
    }

    private static Prepared End(ActionRequest request, ActionOutcome outcome) => new(request, new Preparation.Done(outcome));

    /// <summary>The attempt with all it asked for, and what its preparation found.</summary>
    internal sealed record Prepared(ActionRequest Request, Preparation Preparation) : Local;
}
