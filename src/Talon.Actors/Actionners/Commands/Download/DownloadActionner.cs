using System.Collections.Immutable;
using System.Text;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;
using Talon.Rules.Variables;

namespace Talon.Actors.Actionners.Commands.Download;

/// <summary><c>kubernetes:download</c>: streams one file of a container to an output. The path is one argument of <c>cat</c>, no shell sees it.</summary>
internal sealed class DownloadActionner(ContainerTarget entry, IPodExec exec) : Actionner<DownloadParameters>(DownloadParameters.Read)
{
    public static ActionnerModule Module { get; } = new(
        typeof(DownloadActionner),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:download"),
            Description = "Fetches a file from a container of the pod.",
            Sources = ["syscall"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = true,
            UsesContexts = true,
            Output = OutputUse.Required,
            RepeatSafe = true,
            UidPrecondition = false,
            LongRunning = true,
            Destructive = false,
            FailsAtWillOfContainer = true,
            Parameters = DownloadParameters.Schema,
        },
        ports => new DownloadActionner(ports.PodEntry, ports.Kubernetes.Exec));

    // PATH_MAX of Linux.
    private const int LongestPath = 4096;

    // One line of what cat says is enough.
    private const int ShownError = 1024;

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    protected override string? ExclusionKey(FalcoEvent falcoEvent, DownloadParameters parameters) => null;

    /// <summary>30 s, plus the time for a file of the largest size at 2 MiB a second.</summary>
    protected override TimeSpan DefaultTimeout(DownloadParameters parameters) =>
        TimeSpan.FromSeconds(30 + (parameters.MaxSize >> 21));

    protected override async Task<Preparation> PrepareAsync(ActionRequest request, DownloadParameters parameters, CallScope scope)
    {
        var (entered, stop) = await entry.FindAsync(request, scope, PodUse.Changed);
        if (entered is null)
        {
            return stop!;
        }

        var (container, end) = ContainerTarget.Running(request, entered, parameters.Container);
        if (container is null)
        {
            return new Preparation.Done(end!);
        }

        var (path, problem) = PathOf(parameters, request.Variables);
        if (path is null)
        {
            return new Preparation.Done(new ActionOutcome.Failed(FailureKind.Invalid, problem!, entered.Objects));
        }

        return new Preparation.Ready(
            entered.Reference,
            $"download a file of the container {OneLine.From(container)} of the pod {entered.Namespace}/{entered.Name} (uid {entered.Pod.Metadata.Uid}): {OneLine.From(path)}",
            entered.Objects.Add("file", OneLine.From(path)));
    }

    protected override async Task<ActionOutcome> RunAsync(ActionRequest request, DownloadParameters parameters, Preparation.Ready ready, CallScope scope)
    {
        var (path, problem) = PathOf(parameters, request.Variables);
        if (path is null || request.Output is not { } output)
        {
            return new ActionOutcome.Failed(FailureKind.Invalid, problem ?? "the action has no output to put the file in", ready.Objects);
        }

        var (entered, end) = await entry.AgainAsync(ready, scope);
        if (entered is null)
        {
            return end!;
        }

        (string? container, end) = ContainerTarget.Running(request, entered, parameters.Container);
        if (container is null)
        {
            return end!;
        }

        var command = new ExecCommand
        {
            Namespace = entered.Namespace,
            Pod = entered.Name,
            Container = container,
            Arguments = ["cat", "--", path],
            Output = (_, _) => ValueTask.FromResult(true),
            Error = (_, _) => ValueTask.FromResult(true),
        };
        var artifact = new Artifact(
            path,
            ready.Objects,
            request.Origin,
            (destination, _) => CopyAsync(command, parameters.MaxSize, destination, ready.Objects, scope));
        return await output.StoreAsync(
            artifact,
            $"a file of the container {OneLine.From(container)} of the pod {entered.Name} in the namespace {entered.Namespace} was downloaded",
            ready.Objects,
            scope);
    }

    private static (string? Path, string? Problem) PathOf(DownloadParameters parameters, VariableSet variables)
    {
        var expansion = TextTemplate.Parse(parameters.File).Expand(variables, parameters.AllowUnsetVariables);
        if (expansion is Expansion.Refused refused)
        {
            return (null, $"the path of the file: {refused.Message}");
        }

        string path = ((Expansion.Done)expansion).Text.Join();
        string? problem = !path.StartsWith('/') ? "it does not begin with '/'"
            : path.Contains('\0', StringComparison.Ordinal) ? "it holds a NUL character"
            : Encoding.UTF8.GetByteCount(path) >= LongestPath ? $"it has {LongestPath} bytes or more"
            : null;
        return problem is null ? (path, null) : (null, $"'{OneLine.From(path)}' is no absolute path of a file: {problem}");
    }

    private async Task<ActionOutcome.Failed?> CopyAsync(
        ExecCommand command, long maxSize, Stream destination, ImmutableSortedDictionary<string, string> objects, CallScope scope)
    {
        using var said = new OutputCapture(ShownError);
        long bytes = 0;
        bool tooLarge = false;
        var result = await exec.RunAsync(
            command with
            {
                Output = async (chunk, token) =>
                {
                    bytes += chunk.Length;
                    tooLarge = bytes > maxSize;
                    if (!tooLarge)
                    {
                        await destination.WriteAsync(chunk, token);
                    }

                    return !tooLarge;
                },
                Error = said.TakeAsync,
            },
            scope);
        if (tooLarge)
        {
            return Failed(FailureKind.CommandFailed, $"the file has more than {maxSize} bytes, the max_size of the action; nothing was kept");
        }

        if (!result.TryGet(out var end, out var error))
        {
            return new ActionOutcome.Failed(error.Kind, error.Message, objects, error.RetryAfter);
        }

        return end switch
        {
            ExecEnd.Exited { Code: 0 } => null,
            ExecEnd.Exited exited => Failed(
                FailureKind.CommandFailed, $"cat ended with exit code {exited.Code}: {OneLine.From(said.ToCaptured("stderr", false).Text)}"),
            ExecEnd.NotStarted not => Failed(
                FailureKind.CommandFailed, $"cat could not be started in the container {OneLine.From(command.Container)}; its image must have it: {not.Reason}"),
            _ => Failed(FailureKind.CommandFailed, "cat wrote too many messages; nothing was kept"),
        };

        ActionOutcome.Failed Failed(FailureKind kind, string reason) => new(kind, reason, objects);
    }
}
