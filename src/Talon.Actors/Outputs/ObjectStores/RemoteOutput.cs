using Talon.Actors.Clients.Calls;
using Talon.Actors.Outputs.Spool;
using Talon.Actors.Pipeline;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Outputs.ObjectStores;

/// <summary>
/// An output to an object store: spools the artifact to the disk and creates one object of it. An upload is tried again as long as the
/// attempt has time and another try may end differently; <see cref="UploadDecision"/> says what follows from each answer.
/// </summary>
internal abstract class RemoteOutput(OutputPorts ports) : IOutput
{
    private const string NoAnswer = "no answer before the deadline of the action";

    // Only artifacts of one attempt in one millisecond share a key.
    private const int MostOfOneKey = 1000;

    // With what a store takes to clean up after itself, less than what the runner of an action grants beyond its deadline.
    private static readonly TimeSpan CleanupTime = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public abstract OutputDescriptor Descriptor { get; }

    /// <inheritdoc/>
    public async Task<ActionOutcome.Failed?> CheckAsync(ParameterMap parameters, CallScope scope)
    {
        if (scope.Refusal() is { } refusal)
        {
            return new ActionOutcome.Failed(FailureKind.NotSent, refusal, Objects.None);
        }

        if (ports.ArtifactSpool.Check() is { } unusable)
        {
            return unusable;
        }

        var (store, _, problem) = Open(parameters);
        return store is null ? problem : await store.CheckAsync(scope);
    }

    /// <inheritdoc/>
    public async Task<StoreResult> StoreAsync(ParameterMap parameters, Artifact artifact, CallScope scope)
    {
        var (store, prefix, problem) = Open(parameters);
        if (store is null)
        {
            return new StoreResult.Failed(problem!);
        }

        try
        {
            switch (await ports.ArtifactSpool.TakeAsync(artifact, scope.Token))
            {
                case SpoolResult.Taken taken:
                    using (taken.File)
                    {
                        return await UploadAsync(store, prefix, artifact, taken, scope);
                    }

                case SpoolResult.Failed failed:
                    return new StoreResult.Failed(failed.Why) { IsOfArtifact = failed.IsOfArtifact };
                case var other:
                    throw new InvalidOperationException($"no such result: {other}");
            }
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return Failed(store, FailureKind.Timeout, "the deadline of the action has passed");
        }
    }

    /// <inheritdoc/>
    public async Task<OutputTest> TestAsync(ParameterMap parameters, Artifact artifact, CallScope scope)
    {
        var stored = await StoreAsync(parameters, artifact, scope);
        if (stored is not StoreResult.Stored { Objects: var objects } || Open(parameters).Store is not { } store)
        {
            return new OutputTest(stored, []);
        }

        string key = objects["key"];
        string read = await TryHeadAsync(store, key, scope) switch
        {
            HeadResult.Found found => $"read back: {found.Bytes} bytes",
            HeadResult.Missing => "not read back: the store says that it is not there",
            HeadResult.Failed failed => $"not read back, which Talon needs only to tell a repeat from a conflict: {failed.Reason}",
            var other => throw new InvalidOperationException($"no such result: {other}"),
        };
        string deleted = await TryDeleteAsync(store, key, scope) is { } kept ? $"not deleted, a right that Talon does not ask for; the object stays: {kept}" : "deleted again";
        return new OutputTest(stored, [read, deleted]);
    }

    /// <summary>Makes the store of these parameters, and the prefix of its keys; without a store, why there is none.</summary>
    protected abstract (IObjectStore? Store, string Prefix, ActionOutcome.Failed? Problem) Open(ParameterMap parameters);

    private static StoreResult.Failed Failed(IObjectStore store, FailureKind kind, string why) =>
        new(new ActionOutcome.Failed(kind, $"cannot upload the artifact to {store.Place}: {why}", Objects.None));

    private static string Join(string prefix, string key) => prefix.Length == 0 ? key : $"{prefix}/{key}";

    private async Task<StoreResult> UploadAsync(IObjectStore store, string prefix, Artifact artifact, SpoolResult.Taken taken, CallScope scope)
    {
        var now = ports.Clock.GetUtcNow();
        for (int ordinal = 1; ordinal <= MostOfOneKey; ordinal++)
        {
            string key = Join(prefix, ArtifactKey.Create(artifact, now, ordinal));
            var item = new StoredObject(
                key, taken.File, taken.Content.Bytes, taken.Content.Sha256, ArtifactMetadata.ContentType(artifact.Name), ArtifactMetadata.Of(artifact, taken.Content));
            switch (await UploadAsync(store, item, scope))
            {
                case UploadStep.Done:
                    return new StoreResult.Stored(
                        $"the artifact was uploaded as '{OneLine.From(key)}' to {store.Place}",
                        store.Objects.Add("file", OneLine.From(artifact.Name)).Add("key", key),
                        taken.Content);
                case UploadStep.NextKey:
                    break;
                case UploadStep.Fail fail:
                    await CleanUpAsync(store, key, scope);
                    return Failed(store, fail.Kind, fail.Reason);
                case var other:
                    throw new InvalidOperationException($"no such end: {other}");
            }
        }

        return Failed(store, FailureKind.Conflict, $"{MostOfOneKey} objects there have the key that is due");
    }

    // Ends with Done, NextKey or Fail.
    private async Task<UploadStep> UploadAsync(IObjectStore store, StoredObject item, CallScope scope)
    {
        var decision = new UploadDecision(item.Metadata);
        while (true)
        {
            if (scope.Refusal() is { } refusal)
            {
                return decision.OutOfTime(refusal);
            }

            var step = decision.After(await TryAsync(store, item, scope), scope.Left, ports.Jitter());
            if (step is UploadStep.Ask)
            {
                step = decision.After(await TryHeadAsync(store, item.Key, scope), scope.Left, ports.Jitter());
            }

            if (step is not UploadStep.Again again)
            {
                return step;
            }

            try
            {
                await Task.Delay(again.Delay, ports.Clock, scope.Token);
            }
            catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
            {
                return decision.OutOfTime("the deadline of the action has passed");
            }
        }
    }

    private static async Task<PutResult> TryAsync(IObjectStore store, StoredObject item, CallScope scope)
    {
        try
        {
            return await store.PutAsync(item, scope);
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return new PutResult.Failed(FailureKind.Timeout, NoAnswer);
        }
    }

    private static async Task<HeadResult> TryHeadAsync(IObjectStore store, string key, CallScope scope)
    {
        try
        {
            return await store.HeadAsync(key, scope);
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return new HeadResult.Failed(FailureKind.Timeout, NoAnswer);
        }
    }

    private static async Task<string?> TryDeleteAsync(IObjectStore store, string key, CallScope scope)
    {
        try
        {
            return await store.DeleteAsync(key, scope);
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return NoAnswer;
        }
    }

    // Also after the deadline, but for a moment only.
    private async Task CleanUpAsync(IObjectStore store, string key, CallScope scope)
    {
        using var time = new CancellationTokenSource(CleanupTime, ports.Clock);
        try
        {
            await store.RemoveUnfinishedAsync(key, scope.ForCleanup(CleanupTime, time.Token));
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            // What stays is the business of the lifecycle rule of the bucket.
        }
    }
}
