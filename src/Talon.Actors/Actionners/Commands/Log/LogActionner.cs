using System.Collections.Immutable;
using System.Text;
using k8s.Models;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Commands.Log;

/// <summary><c>kubernetes:log</c>: the last lines of the containers of the pod. Only reads, so it is allowed in protected namespaces.</summary>
internal sealed class LogActionner(ContainerTarget entry, IPodLogs logs) : Actionner<LogParameters>(LogParameters.Read)
{
    public static ActionnerModule Module { get; } = new(
        typeof(LogActionner),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:log"),
            Description = "Fetches the last log lines of the pod.",
            Sources = ["syscall", "k8s_audit"],
            RequiredFields = ["k8s.ns.name", "k8s.pod.name"],
            ContinueByDefault = true,
            UsesContexts = false,
            Output = OutputUse.Allowed,
            RepeatSafe = true,
            UidPrecondition = false,
            LongRunning = true,
            Destructive = false,
            FailsAtWillOfContainer = true,
            Parameters = LogParameters.Schema,
        },
        ports => new LogActionner(ports.PodEntry, ports.Kubernetes.Logs));

    // For one container and for all together. Only one container at a time is in memory.
    private const int MostBytesOfOne = 4 << 20;
    private const long MostBytes = 32L << 20;

    // Text that is shown is journalled, and a pod may have many containers: bounds for one and for all together.
    private const int MostShown = 128 * 1024;
    private const int MostShownOfOne = 64 * 1024;
    private const int MostContainers = 50;

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    protected override string? ExclusionKey(FalcoEvent falcoEvent, LogParameters parameters) => null;

    protected override async Task<Preparation> PrepareAsync(ActionRequest request, LogParameters parameters, CallScope scope)
    {
        var (entered, stop) = await entry.FindAsync(request, scope, PodUse.Read);
        if (entered is null)
        {
            return stop!;
        }

        var (containers, _, problem) = Containers(request, entered, parameters);
        if (problem is not null)
        {
            return new Preparation.Done(problem);
        }

        return new Preparation.Ready(
            entered.Reference,
            $"read the logs of the pod {entered.Namespace}/{entered.Name} (uid {entered.Pod.Metadata.Uid}): {List(containers)}",
            entered.Objects);
    }

    protected override async Task<ActionOutcome> RunAsync(ActionRequest request, LogParameters parameters, Preparation.Ready ready, CallScope scope)
    {
        var (entered, end) = await entry.AgainAsync(ready, scope);
        if (entered is null)
        {
            return end!;
        }

        var (containers, more, problem) = Containers(request, entered, parameters);
        if (problem is not null)
        {
            return problem;
        }

        var reading = new LogReading(logs, entered, parameters, scope);
        if (more > 0)
        {
            reading.LeaveOut(more);
        }

        return request.Output is { } output
            ? await StoreAsync(request, output, reading, containers, entered, scope)
            : await ShowAsync(reading, containers, entered, parameters.Inline);
    }

    private static async Task<ActionOutcome> ShowAsync(
        LogReading reading, ImmutableArray<string> containers, ContainerTarget.Entered entered, bool inline)
    {
        var captured = ImmutableArray.CreateBuilder<CapturedText>();
        int shown = Math.Min(MostShownOfOne, MostShown / containers.Length);
        foreach (string container in containers)
        {
            if (await reading.ReadAsync(container, MostBytesOfOne) is { Length: > 0 } bytes)
            {
                using var capture = new OutputCapture(shown);
                await capture.TakeAsync(bytes, CancellationToken.None);
                captured.Add(capture.ToCaptured($"log {OneLine.From(container)}", inline));
            }
        }

        if (reading.Failure is { } failure)
        {
            return failure;
        }

        if (captured.Count == 0)
        {
            return Empty(entered, reading, "");
        }

        string sizes = string.Join(", ", captured.Select(text => $"{text.Name[4..]} {text.Bytes} bytes (sha256 {text.Sha256})"));
        return new ActionOutcome.Succeeded(
            $"the logs of the pod {entered.Name} in the namespace {entered.Namespace} were read: {sizes}{reading.Notes}",
            entered.Objects)
        {
            Captured = captured.ToImmutable(),
        };
    }

    private static async Task<ActionOutcome> StoreAsync(
        ActionRequest request, ArtifactStore output, LogReading reading, ImmutableArray<string> containers, ContainerTarget.Entered entered, CallScope scope)
    {
        // The first log that is not empty is read before anything is stored: containers that printed nothing leave no artifact.
        int first = 0;
        byte[]? bytes = null;
        while (first < containers.Length && bytes is not { Length: > 0 })
        {
            bytes = await reading.ReadAsync(containers[first], MostBytesOfOne);
            first++;
        }

        if (bytes is not { Length: > 0 })
        {
            return (ActionOutcome?)reading.Failure ?? Empty(entered, reading, "; nothing was stored");
        }

        var artifact = new Artifact("log", entered.Objects, request.Origin, WriteAsync);
        var outcome = await output.StoreAsync(
            artifact, $"the logs of the pod {entered.Name} in the namespace {entered.Namespace} were read", entered.Objects, scope);
        return outcome is ActionOutcome.Succeeded done ? done with { Output = done.Output + reading.Notes } : outcome;

        async Task<ActionOutcome.Failed?> WriteAsync(Stream destination, CancellationToken token)
        {
            long written = 0;
            for (int i = first - 1; i < containers.Length; i++)
            {
                if (i >= first)
                {
                    bytes = written < MostBytes ? await reading.ReadAsync(containers[i], (int)Math.Min(MostBytesOfOne, MostBytes - written)) : reading.LeaveOut(containers[i]);
                }

                if (reading.Failure is { } failure)
                {
                    return failure;
                }

                if (bytes is { Length: > 0 })
                {
                    string lineEnd = bytes[^1] == '\n' ? "" : "\n";
                    await destination.WriteAsync(Encoding.UTF8.GetBytes($"==> {containers[i]} <==\n"), token);
                    await destination.WriteAsync(bytes, token);
                    await destination.WriteAsync(Encoding.UTF8.GetBytes(lineEnd), token);
                    written += bytes.Length;
                }
            }

            return null;
        }
    }

    // No failure: the next action of the rule must not depend on whether a workload prints something.
    private static ActionOutcome.Ignored Empty(ContainerTarget.Entered entered, LogReading reading, string more) => new(
        $"the logs of the pod {entered.Name} in the namespace {entered.Namespace} are empty{more}{reading.Notes}", entered.Objects);

    // Only the containers that have a log: one that never started has none, and asking for it is an error.
    private static (ImmutableArray<string> Containers, int More, ActionOutcome? Problem) Containers(
        ActionRequest request, ContainerTarget.Entered entered, LogParameters parameters)
    {
        if (parameters.Container is { } asked)
        {
            var (container, problem) = ContainerChoice.Choose(request.Event, entered.Pod, asked);
            return container is null
                ? ([], 0, new ActionOutcome.Failed(FailureKind.NotFound, problem!, entered.Objects))
                : ([container], 0, null);
        }

        string[] started =
        [
            .. Names(entered.Pod).Where(name => ContainerStatuses.Of(entered.Pod, name) is { } status
                && (parameters.Previous ? status.RestartCount > 0 || status.LastState?.Terminated is not null : HasStarted(status))),
        ];
        return started.Length > 0
            ? ([.. started.Take(MostContainers)], Math.Max(0, started.Length - MostContainers), null)
            : ([], 0, new ActionOutcome.Failed(
                FailureKind.NotFound,
                $"no container of the pod {entered.Name} in the namespace {entered.Namespace} has {(parameters.Previous ? "run before" : "started")}: there is no log",
                entered.Objects));
    }

    private static bool HasStarted(V1ContainerStatus status) =>
        status.State?.Running is not null || status.State?.Terminated is not null || status.LastState?.Terminated is not null || status.RestartCount > 0;

    private static IEnumerable<string> Names(V1Pod pod) =>
        (pod.Spec?.Containers ?? []).Select(container => container.Name)
            .Concat((pod.Spec?.InitContainers ?? []).Select(container => container.Name))
            .Concat((pod.Spec?.EphemeralContainers ?? []).Select(container => container.Name));

    private static string List(ImmutableArray<string> containers) => string.Join(", ", containers.Select(OneLine.From));
}
