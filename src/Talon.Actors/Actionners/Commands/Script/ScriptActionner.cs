using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Commands.Script;

/// <summary><c>kubernetes:script</c>: runs a script once, in a shell of one container of the pod that reads it from its input.</summary>
internal sealed class ScriptActionner(ShellRun run) : Actionner<ScriptParameters>(ScriptParameters.Read)
{
    public static ActionnerModule Module { get; } = new(
        typeof(ScriptActionner),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:script"),
            Description = "Runs a script in a container of the pod.",
            Sources = ["syscall", "k8s_audit"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = true,
            UsesContexts = true,
            Output = OutputUse.None,
            RepeatSafe = false,
            UidPrecondition = false,
            LongRunning = true,
            Destructive = false,
            FailsAtWillOfContainer = true,
            Parameters = ScriptParameters.Schema,
        },
        ports => new ScriptActionner(new ShellRun(ports.PodEntry, ports.Kubernetes.Exec)));

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    protected override string? ExclusionKey(FalcoEvent falcoEvent, ScriptParameters parameters) => null;

    protected override Task<Preparation> PrepareAsync(ActionRequest request, ScriptParameters parameters, CallScope scope) =>
        run.PrepareAsync(request, OptionsOf(parameters), MakeOf(parameters), scope);

    protected override Task<ActionOutcome> RunAsync(ActionRequest request, ScriptParameters parameters, Preparation.Ready ready, CallScope scope) =>
        run.RunAsync(request, ready, OptionsOf(parameters), MakeOf(parameters), scope);

    private static ShellRun.Options OptionsOf(ScriptParameters parameters) =>
        new(parameters.Container, parameters.MaxOutput, parameters.Inline, "script");

    private static ShellRun.Make MakeOf(ScriptParameters parameters) => async (variables, token) =>
    {
        var (text, problem) = parameters.File is { } file ? await ScriptFile.ReadAsync(file, token) : (parameters.Script, null);
        return text is null ? (null, problem) : PodShell.Script(parameters.Shell, text, variables, parameters.AllowUnsetVariables);
    };
}
