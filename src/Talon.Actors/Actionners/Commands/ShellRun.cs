using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;
using Talon.Rules.Variables;

namespace Talon.Actors.Actionners.Commands;

/// <summary>Runs a shell program once in one container of the pod of an event: what exec and script have in common.</summary>
internal sealed class ShellRun(ContainerTarget entry, IPodExec exec)
{
    /// <summary>
    /// Makes the program of an attempt from the values of the event and its context, or gives null and why it cannot be run.
    /// </summary>
    public delegate Task<(ShellProgram? Program, string? Problem)> Make(VariableSet variables, CancellationToken cancellationToken);

    /// <param name="Container">The container that the rule names; null lets the event and the pod decide.</param>
    /// <param name="MaxOutput">How many bytes of each stream are shown.</param>
    /// <param name="What">What runs: <c>command</c>.</param>
    public sealed record Options(string? Container, int MaxOutput, bool Inline, string What);

    public async Task<Preparation> PrepareAsync(ActionRequest request, Options options, Make make, CallScope scope)
    {
        var (entered, stop) = await entry.FindAsync(request, scope, PodUse.Changed);
        if (entered is null)
        {
            return stop!;
        }

        var (container, end) = ContainerTarget.Running(request, entered, options.Container);
        if (container is null)
        {
            return new Preparation.Done(end!);
        }

        var (program, problem) = await make(request.Variables, scope.Token);
        return program is null
            ? new Preparation.Done(new ActionOutcome.Failed(FailureKind.Invalid, problem!, entered.Objects))
            : new Preparation.Ready(
                entered.Reference,
                $"run a {options.What} in the container {OneLine.From(container)} of the pod {entered.Namespace}/{entered.Name} (uid {entered.Pod.Metadata.Uid})",
                entered.Objects);
    }

    public async Task<ActionOutcome> RunAsync(ActionRequest request, Preparation.Ready ready, Options options, Make make, CallScope scope)
    {
        var (program, problem) = await make(request.Variables, scope.Token);
        if (program is null)
        {
            return new ActionOutcome.Failed(FailureKind.Invalid, problem!, ready.Objects);
        }

        var (entered, end) = await entry.AgainAsync(ready, scope);
        if (entered is null)
        {
            return end!;
        }

        (string? container, end) = ContainerTarget.Running(request, entered, options.Container);
        if (container is null)
        {
            return end!;
        }

        using var output = new OutputCapture(options.MaxOutput);
        using var error = new OutputCapture(options.MaxOutput);
        var result = await exec.RunAsync(
            new ExecCommand
            {
                Namespace = entered.Namespace,
                Pod = entered.Name,
                Container = container,
                Arguments = program.Arguments,
                Input = program.Input,
                Output = output.TakeAsync,
                Error = error.TakeAsync,
            },
            scope);
        string where = $"in the container {OneLine.From(container)} of the pod {entered.Name} in the namespace {entered.Namespace}";
        var outcome = End(result, ready.Objects, options.What, where, $"{output.Describe("stdout")}, {error.Describe("stderr")}");
        return outcome with { Captured = [.. Captured(output, "stdout", options.Inline), .. Captured(error, "stderr", options.Inline)] };
    }

    private static ActionOutcome End(
        KubeResult<ExecEnd> result, ImmutableSortedDictionary<string, string> objects, string what, string where, string sizes)
    {
        if (!result.TryGet(out var end, out var error))
        {
            return KubeOutcomes.From(error, objects);
        }

        return end switch
        {
            ExecEnd.Exited { Code: 0 } => new ActionOutcome.Succeeded($"the {what} ended with exit code 0 {where}; {sizes}", objects),
            ExecEnd.Exited exited => new ActionOutcome.Failed(
                FailureKind.CommandFailed, $"the {what} ended with exit code {exited.Code} {where}; {sizes}", objects),
            ExecEnd.NotStarted not => new ActionOutcome.Failed(
                FailureKind.CommandFailed, $"the {what} could not be started {where}: {not.Reason}", objects),
            ExecEnd.CutShort => new ActionOutcome.Failed(
                FailureKind.CommandFailed, $"the {what} printed more than {OutputCapture.MostRead} bytes {where}, was left there and may still run; {sizes}", objects),
            var other => throw new InvalidOperationException($"unexpected end of a command: {other}"),
        };
    }

    private static IEnumerable<CapturedText> Captured(OutputCapture capture, string name, bool inline) =>
        capture.Bytes == 0 ? [] : [capture.ToCaptured(name, inline)];
}
