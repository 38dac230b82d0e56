using k8s.Models;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>
/// Finds a pod by the id of one of its containers. A look-up is a LIST, which costs the API server a lot, and event fields come
/// from an attacker: one look-up an id at a time, two a second in all, and each answer is kept for 5 s.
/// </summary>
internal sealed class PodFinder(KubeCaller caller, TimeProvider clock) : IDisposable
{
    internal const string NotFound = "pod not found by container id";

    private const int MaxCached = 1_000;

    // Each waits inside a slot of its category. Those beyond these give it back and come again, so that other pods' events pass.
    private const int MaxWaiting = 4;
    private static readonly TimeSpan CacheFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);

    private readonly KeyedLocks _flights = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, (V1Pod? Pod, long At)> _cache = new(StringComparer.Ordinal);
    private long? _lastLookup;
    private int _waiting;

    public async Task<KubeResult<V1Pod>> FindAsync(ContainerId id, KubeName? node, CallScope scope)
    {
        try
        {
            using var flight = await _flights.AcquireAsync(id.Value, scope.Token);
            if (Cached(id) is { } known)
            {
                return Answer(known.Pod, id);
            }

            if (!await WaitForTurnAsync(scope.Token))
            {
                return new KubeError(FailureKind.Throttled, $"{NotFound}: too many look-ups by container id are waiting")
                {
                    RetryAfter = TimeSpan.FromSeconds(2),
                };
            }

            var found = await LookUpAsync(id, node, scope);
            if (found.TryGet(out var pod, out var error) || error.Kind == FailureKind.NotFound)
            {
                Remember(id, pod);
            }

            return found;
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return new KubeError(FailureKind.NotSent, $"{NotFound}: no turn for a look-up before the deadline");
        }
    }

    public void Dispose() => _turn.Dispose();

    private static KubeResult<V1Pod> Answer(V1Pod? pod, ContainerId id) =>
        pod is not null ? pod : new KubeError(FailureKind.NotFound, $"{NotFound} {id}");

    private async Task<KubeResult<V1Pod>> LookUpAsync(ContainerId id, KubeName? node, CallScope scope)
    {
        var matches = new Dictionary<string, V1Pod>(StringComparer.Ordinal);
        bool Take(IList<V1Pod> page)
        {
            foreach (var pod in page.Where(pod => ContainerStatuses.Have(pod, id)))
            {
                matches[pod.Metadata.Uid] = pod;
            }

            return matches.Count == 0;
        }

        KubeError? error = null;
        if (node is not null)
        {
            error = await PodPages.ReadAsync(
                caller, new PodPages.Query(null, $"list the pods of the node {node}", FieldSelector: $"spec.nodeName={node}"), scope, Take);
        }

        if (error is null && matches.Count == 0)
        {
            error = await PodPages.ReadAsync(caller, new PodPages.Query(null, "list all pods"), scope, Take);
        }

        return matches.Count switch
        {
            1 => matches.Values.First(),
            > 1 => new KubeError(FailureKind.Invalid, $"the container id {id} is the beginning of an id in {matches.Count} pods"),
            _ => error is null ? Answer(null, id) : error with { Message = $"{NotFound} {id}: {error.Message}" },
        };
    }

    // The semaphore queues in order; whoever gives up while waiting uses up nobody's turn.
    private async Task<bool> WaitForTurnAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MaxWaiting)
            {
                return false;
            }

            await _turn.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            if (_lastLookup is { } last && Between - clock.GetElapsedTime(last) is var wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, clock, cancellationToken);
            }

            _lastLookup = clock.GetTimestamp();
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    private (V1Pod? Pod, long At)? Cached(ContainerId id)
    {
        lock (_cache)
        {
            return _cache.TryGetValue(id.Value, out var entry) && clock.GetElapsedTime(entry.At) < CacheFor ? entry : null;
        }
    }

    private void Remember(ContainerId id, V1Pod? pod)
    {
        lock (_cache)
        {
            foreach (string old in _cache.Where(e => clock.GetElapsedTime(e.Value.At) >= CacheFor).Select(e => e.Key).ToList())
            {
                _cache.Remove(old);
            }

            if (_cache.Count < MaxCached)
            {
                _cache[id.Value] = (pod, clock.GetTimestamp());
            }
        }
    }
}
