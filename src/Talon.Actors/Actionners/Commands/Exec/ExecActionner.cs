using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Commands.Exec;

/// <summary><c>kubernetes:exec</c>: runs a text of the rule's author once, in a shell of one container of the pod.</summary>
internal sealed class ExecActionner(ShellRun run) : IActionner
{
    public ActionnerDescriptor Descriptor => ExecModule.Module.Descriptor;

    public string? ExclusionKey(FalcoEvent falcoEvent, PlannedAction action) => null;

    public TimeSpan DefaultTimeout(PlannedAction action) => TimeSpan.FromSeconds(30);

    public async Task<Preparation> PrepareAsync(ActionRequest request, CallScope scope)
    {
        var (parameters, problems) = ExecParameters.Read(request.Action.Parameters);
        return problems.IsEmpty
            ? await run.PrepareAsync(request, OptionsOf(parameters), MakeOf(parameters), scope)
            : new Preparation.Done(KubeOutcomes.Invalid(problems[0].Message));
    }

    public Task<ActionOutcome> RunAsync(ActionRequest request, Preparation.Ready ready, CallScope scope)
    {
        var (parameters, _) = ExecParameters.Read(request.Action.Parameters);
        return run.RunAsync(request, ready, OptionsOf(parameters), MakeOf(parameters), scope);
    }

    private static ShellRun.Options OptionsOf(ExecParameters parameters) =>
        new(parameters.Container, parameters.MaxOutput, parameters.Inline, "command");

    private static ShellRun.Make MakeOf(ExecParameters parameters) => (variables, _) =>
        Task.FromResult(PodShell.Command(parameters.Shell, parameters.Command, variables, parameters.AllowUnsetVariables));
}
