using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Commands.Exec;

/// <summary><c>kubernetes:exec</c>: runs a text of the rule's author once, in a shell of one container of the pod.</summary>
internal sealed class ExecActionner(ShellRun run) : Actionner<ExecParameters>(ExecParameters.Read)
{
    public static ActionnerModule Module { get; } = new(
        typeof(ExecActionner),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:exec"),
            Description = "Runs a command in a container of the pod.",
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
            Parameters = ExecParameters.Schema,
        },
        ports => new ExecActionner(new ShellRun(ports.PodEntry, ports.Kubernetes.Exec)));

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    protected override string? ExclusionKey(FalcoEvent falcoEvent, ExecParameters parameters) => null;

    protected override Task<Preparation> PrepareAsync(ActionRequest request, ExecParameters parameters, CallScope scope) =>
        run.PrepareAsync(request, OptionsOf(parameters), MakeOf(parameters), scope);

    protected override Task<ActionOutcome> RunAsync(ActionRequest request, ExecParameters parameters, Preparation.Ready ready, CallScope scope) =>
        run.RunAsync(request, ready, OptionsOf(parameters), MakeOf(parameters), scope);

    private static ShellRun.Options OptionsOf(ExecParameters parameters) =>
        new(parameters.Container, parameters.MaxOutput, parameters.Inline, "command");

    private static ShellRun.Make MakeOf(ExecParameters parameters) => (variables, _) =>
        Task.FromResult(PodShell.Command(parameters.Shell, parameters.Command, variables, parameters.AllowUnsetVariables));
}
