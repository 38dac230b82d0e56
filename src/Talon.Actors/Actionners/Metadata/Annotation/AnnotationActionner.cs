using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Metadata.Annotation;

/// <summary><c>kubernetes:annotation</c>: sets and removes annotations of the pod of the event or of its node.</summary>
internal sealed class AnnotationActionner(MetadataPatch patch) : IActionner
{
    public ActionnerDescriptor Descriptor => AnnotationModule.Module.Descriptor;

    public string? ExclusionKey(FalcoEvent falcoEvent, PlannedAction action) =>
        MetadataPatch.Key(falcoEvent, AnnotationParameters.Read(action.Parameters).Parameters.Level);

    public TimeSpan DefaultTimeout(PlannedAction action) => TimeSpan.FromSeconds(30);

    public async Task<Preparation> PrepareAsync(ActionRequest request, CallScope scope)
    {
        var (parameters, problems) = AnnotationParameters.Read(request.Action.Parameters);
        return problems.IsEmpty
            ? await patch.PrepareAsync(request, parameters.Level, parameters.Annotations, scope)
            : new Preparation.Done(KubeOutcomes.Invalid(problems[0].Message));
    }

    public Task<ActionOutcome> RunAsync(ActionRequest request, Preparation.Ready ready, CallScope scope) =>
        patch.RunAsync(request, ready, AnnotationParameters.Read(request.Action.Parameters).Parameters.Annotations, scope);
}
