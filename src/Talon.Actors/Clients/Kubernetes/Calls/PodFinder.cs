using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>
/// Finds a pod by the id of one of its containers. A caller waits here only for a list that it reads itself: any other is told to come
/// again, and the first to come when a round is due reads the lists for all. See <see cref="PodLookups"/> for order and bounds.
/// </summary>
internal sealed class PodFinder(KubeCaller caller, TimeProvider clock)
{
    internal const string NotFound = "pod not found by container id";

    private readonly Lock _gate = new();
    private readonly PodLookups _lookups = new(clock);

    public async Task<KubeResult<PodReference>> FindAsync(ContainerId id, KubeName? node, DateTimeOffset acceptedAt, CallScope scope)
    {
        PodLookups.Answer Ask()
        {
            lock (_gate)
            {
                return _lookups.Ask(id, node, clock.GetUtcNow() - acceptedAt);
            }
        }

        var answer = Ask();
        if (answer is PodLookups.Answer.Begin begin)
        {
            if (await ReadAsync(begin.Round, scope) is { } error)
            {
                return error with { Message = $"{NotFound} {id}: {error.Message}" };
            }

            answer = Ask();
            if (answer is PodLookups.Answer.Begin)
            {
                // The lists were slow and the next round is due already. It is for the next caller: this one has held its slot long enough.
                Leave();
                answer = new PodLookups.Answer.Wait($"the look-up of the container {id} waits for its turn");
            }
        }

        return answer switch
        {
            PodLookups.Answer.Known known => known.Result,
            PodLookups.Answer.Wait wait => new KubeError(FailureKind.NotFound, wait.Reason) { NotYet = true },
            var other => throw new InvalidOperationException($"unexpected answer: {other}"),
        };
    }

    /// <summary>Reads the lists of a round for everybody. Null, or an error that concerns the reader alone.</summary>
    private async Task<KubeError?> ReadAsync(PodLookups.Round round, CallScope scope)
    {
        PodLookups.Harvest? harvest = null;
        try
        {
            var wanted = new WantedContainers(round.Ids);
            bool hadPods = false;
            bool allRead = false;
            KubeError? error = null;
            if (round.Node is { } node)
            {
                error = await PodPages.ReadAsync(
                    caller,
                    new PodPages.Query(null, $"list the pods of the node {node}", FieldSelector: $"spec.nodeName={node}"),
                    scope,
                    page =>
                    {
                        hadPods |= page.Count > 0;
                        wanted.Search(page);
                        return true;
                    });
            }

            bool settled = (round.IsRepeat && hadPods) || (round.Node is not null && round.OfNode.All(wanted.Has));
            if (error is null && !settled)
            {
                error = await PodPages.ReadAsync(caller, new PodPages.Query(null, "list all pods"), scope, page =>
                {
                    wanted.Search(page);
                    return true;
                });
                allRead = true;
            }

            if (error is not null && (error.Kind == FailureKind.NotSent || scope.Token.IsCancellationRequested))
            {
                return error; // the reader was out of time or was stopped, or its node has left
            }

            harvest = new PodLookups.Harvest(wanted.Found, allRead, error);
            return null;
        }
        finally
        {
            lock (_gate)
            {
                _lookups.End(round, harvest);
            }
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _lookups.Leave();
        }
    }
}
