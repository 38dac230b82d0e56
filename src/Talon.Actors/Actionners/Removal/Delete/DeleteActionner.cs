using System.Globalization;
using System.Text.Json.Nodes;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Removal.Delete;

/// <summary><c>kubernetes:delete</c>: deletes the object an audit event is about, by the uid it was read with.</summary>
internal sealed class DeleteActionner(IResources resources, DeleteProtection protection, ConflictRetry conflicts) : Actionner<NoParameters>(NoParameters.Read)
{
    public static ActionnerModule Module { get; } = new(
        typeof(DeleteActionner),
        new ActionnerDescriptor
        {
            Name = ActionnerName.Parse("kubernetes:delete"),
            Description = "Deletes the Kubernetes object that an audit event is about.",
            Sources = ["k8s_audit"],
            RequiredFields = ["ka.target.resource", "ka.target.name", "ka.target.namespace"],
            ContinueByDefault = false,
            UsesContexts = false,
            Output = OutputUse.None,
            RepeatSafe = true,
            UidPrecondition = true,
            LongRunning = false,
            Destructive = true,
            Parameters = ParameterSchema.None,
        },
        ports => new DeleteActionner(ports.Kubernetes.Resources, new DeleteProtection(ports.ProtectedNamespaces), ports.ConflictRetry));

    // An audit event is written when its request ends, so its object was created no later, by the same clock; that time is cut to the
    // second. A younger object took the name afterwards.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    // So did an object created after the event arrived, whatever time the event claims. The clocks of Talon and of the API server may
    // differ by this much.
    private static readonly TimeSpan ToleranceAfterArrival = TimeSpan.FromSeconds(30);

    public override ActionnerDescriptor Descriptor => Module.Descriptor;

    protected override string? ExclusionKey(FalcoEvent falcoEvent, NoParameters parameters) =>
        DeleteTarget.TryRead(falcoEvent, out var target, out _) ? target.Key : null;

    protected override async Task<Preparation> PrepareAsync(ActionRequest request, NoParameters parameters, CallScope scope)
    {
        DeleteTarget? target;
        if (request.EarlierTarget is { } earlier)
        {
            target = DeleteTarget.From(earlier);
        }
        else if (!DeleteTarget.TryRead(request.Event, out target, out string? problem))
        {
            return new Preparation.Done(KubeOutcomes.Invalid(problem));
        }

        if (protection.Refusal(target.Address) is { } refusal)
        {
            return new Preparation.Done(new ActionOutcome.Ignored(refusal, target.Objects));
        }

        var answer = await resources.GetAsync(target.Address, scope);
        if (!answer.TryGet(out var read, out var error))
        {
            return new Preparation.Done(End(request, target, request.EarlierTarget?.Uid ?? "", error));
        }

        return Decide(request, target, read) is { } end
            ? new Preparation.Done(end)
            : new Preparation.Ready(
                new TargetRef(target.Address.Type.Kind, target.Address.Namespace?.Value, target.Address.Name.Value, Uid(read)),
                $"delete {target} (uid {Uid(read)})",
                target.Objects);
    }

    protected override async Task<ActionOutcome> RunAsync(ActionRequest request, NoParameters parameters, Preparation.Ready ready, CallScope scope)
    {
        if (ready.Target is not { } journalled)
        {
            throw new InvalidOperationException("delete was prepared without an object");
        }

        var target = DeleteTarget.From(journalled);
        return await conflicts.RunAsync(
            target.ToString(), target.Objects, again => TryAsync(request, target, journalled.Uid, again, scope), scope);
    }

    private static string Uid(JsonObject read) => read.TextAt("metadata", "uid")!;

    private async Task<WriteTry> TryAsync(ActionRequest request, DeleteTarget target, string uid, bool again, CallScope scope)
    {
        if (again)
        {
            var answer = await resources.GetAsync(target.Address, scope);
            if (!answer.TryGet(out var read, out var readError))
            {
                return new WriteTry.Ended(End(request, target, uid, readError));
            }

            if (Uid(read) != uid)
            {
                return new WriteTry.Ended(Replaced(request, target, uid));
            }

            if (Decide(request, target, read) is { } end)
            {
                return new WriteTry.Ended(end);
            }
        }

        var result = await resources.DeleteAsync(target.Address, uid, scope);
        return result.TryGet(out _, out var error) ? new WriteTry.Ended(new ActionOutcome.Succeeded($"{target} was deleted (uid {uid})", target.Objects))
            : error.Modified ? new WriteTry.Lost(error)
            : new WriteTry.Ended(End(request, target, uid, error));
    }

    private ActionOutcome? Decide(ActionRequest request, DeleteTarget target, JsonObject read)
    {
        if (request.EarlierTarget is { } earlier && earlier.Uid != Uid(read))
        {
            return DoneEarlier(target, earlier.Uid);
        }

        if (request.EarlierTarget is null && YoungerThan(request, read) is { } reason)
        {
            return new ActionOutcome.Ignored($"{target.Address.Type.Kind} was replaced since the event: {reason}", target.Objects);
        }

        if (protection.Refusal(target.Address, read) is { } refusal)
        {
            return new ActionOutcome.Ignored(refusal, target.Objects);
        }

        if (target.Address.Type == ResourceTypes.Pods && MirrorPods.Is(read))
        {
            return new ActionOutcome.Failed(FailureKind.Invalid, $"{target} {MirrorPods.Reason}", target.Objects);
        }

        return read.TextAt("metadata", "deletionTimestamp") is null ? null
            : request.EarlierTarget is not null ? DoneEarlier(target, Uid(read))
            : new ActionOutcome.Ignored("terminating", target.Objects);
    }

    private static string? YoungerThan(ActionRequest request, JsonObject read)
    {
        if (!DateTimeOffset.TryParse(
            read.TextAt("metadata", "creationTimestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created))
        {
            return "it has no creation time";
        }

        return request.Event.Time is { } time && created - time > Tolerance ? $"{Created()}, the event is of {time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}"
            : created - request.AcceptedAt > ToleranceAfterArrival ? $"{Created()}, the event came at {request.AcceptedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}"
            : null;

        string Created() => $"it was created at {created.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}";
    }

    private static ActionOutcome.Succeeded DoneEarlier(DeleteTarget target, string uid) =>
        new($"{target} was deleted by an earlier attempt (uid {uid})", target.Objects);

    private static ActionOutcome End(ActionRequest request, DeleteTarget target, string uid, KubeError error)
    {
        if (error is not ({ Replaced: true } or { Kind: FailureKind.NotFound }))
        {
            return KubeOutcomes.From(error, target.Objects);
        }

        return error.Replaced ? Replaced(request, target, uid)
            : request.EarlierTarget is not null ? DoneEarlier(target, uid)
            : new ActionOutcome.Ignored("already gone", target.Objects);
    }

    private static ActionOutcome Replaced(ActionRequest request, DeleteTarget target, string uid) => request.EarlierTarget is not null
        ? DoneEarlier(target, uid)
        : new ActionOutcome.Ignored($"{target.Address.Type.Kind} was replaced since the event", target.Objects);
}
