using System.Collections.Immutable;
using Talon.Actors.Clients.Calls;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Actors.Plugins;

/// <summary>The output of one action, as its actionner sees it.</summary>
/// <param name="note">Told how the output did: null when it took the artifact, otherwise why not.</param>
public sealed class ArtifactStore(IOutput output, PlannedOutput planned, Action<string?> note)
{
    /// <summary>Whether the output would take an artifact; see <see cref="IOutput.CheckAsync"/>.</summary>
    public async Task<ActionOutcome.Failed?> CheckAsync(CallScope scope)
    {
        if (await output.CheckAsync(planned.Parameters, scope) is not { } failed)
        {
            return null;
        }

        if (failed.Kind != FailureKind.NotSent)
        {
            note(failed.Reason);
        }

        return Report(failed);
    }

    /// <summary>
    /// Stores the artifact and returns the outcome of the action: a success that tells where it is, or a failure with its reason.
    /// </summary>
    /// <param name="done">What the action did, one sentence, for the success.</param>
    public async Task<ActionOutcome> StoreAsync(
        Artifact artifact, string done, ImmutableSortedDictionary<string, string> objects, CallScope scope)
    {
        var result = await output.StoreAsync(planned.Parameters, artifact, scope);
        if (result is not StoreResult.Failed { IsOfArtifact: true })
        {
            note((result as StoreResult.Failed)?.Why.Reason);
        }

        return result switch
        {
            StoreResult.Stored stored => new ActionOutcome.Succeeded(done, objects)
            {
                Artifact = new ArtifactReport(
                    planned.Target, true, $"{stored.Text} ({stored.Content.Bytes} bytes, sha256 {stored.Content.Sha256})", stored.Objects),
            },
            StoreResult.Failed failed => Report(failed.Why with { Objects = objects }),
            var other => throw new InvalidOperationException($"unexpected result: {other}"),
        };
    }

    private ActionOutcome.Failed Report(ActionOutcome.Failed failed) => failed with
    {
        Artifact = new ArtifactReport(planned.Target, false, failed.Reason, ImmutableSortedDictionary<string, string>.Empty),
    };
}
