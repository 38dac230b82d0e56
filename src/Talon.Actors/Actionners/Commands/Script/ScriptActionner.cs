using Talon.Actors.Actionners.Targets;
using Talon.Actors.Plugins;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;
using Talon.Rules.Plugins;

namespace Talon.Actors.Actionners.Commands.Script;

/// <summary><c>kubernetes:script</c>: runs a script once, in a shell of one container of the pod that reads it from its input.</summary>
internal sealed class ScriptActionner(ShellRun run) : IActionner
{
    public ActionnerDescriptor Descriptor => ScriptModule.Module.Descriptor;

    public string? ExclusionKey(FalcoEvent falcoEvent, PlannedAction action) => null;

    public TimeSpan DefaultTimeout(PlannedAction action) => TimeSpan.FromSeconds(30);

    public async Task<Preparation> PrepareAsync(ActionRequest request, CallScope scope)
    {
        var (parameters, problems) = ScriptParameters.Read(request.Action.Parameters);
        return problems.IsEmpty
            ? await run.PrepareAsync(request, OptionsOf(parameters), MakeOf(parameters), scope)
            : new Preparation.Done(KubeOutcomes.Invalid(problems[0].Message));
    }

    public Task<ActionOutcome> RunAsync(ActionRequest request, Preparation.Ready ready, CallScope scope)
    {
        var (parameters, _) = ScriptParameters.Read(request.Action.Parameters);
        return run.RunAsync(request, ready, OptionsOf(parameters), MakeOf(parameters), scope);
    }

    private static ShellRun.Options OptionsOf(ScriptParameters parameters) =>
        new(parameters.Container, parameters.MaxOutput, parameters.Inline, "script");

    private static ShellRun.Make MakeOf(ScriptParameters parameters) => async (variables, token) =>
    {
        var (text, problem) = parameters.File is { } file ? await ScriptFile.ReadAsync(file, token) : (parameters.Script, null);
        return text is null ? (null, problem) : PodShell.Script(parameters.Shell, text, variables, parameters.AllowUnsetVariables);
    };
}
