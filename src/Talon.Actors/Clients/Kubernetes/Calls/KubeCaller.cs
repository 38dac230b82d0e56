using k8s;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>
/// The only way to the API: asks the scope right before each request, calls under the attempt's token, and returns how the call ended as a
/// value.
/// </summary>
internal sealed class KubeCaller(KubernetesConnection connection, ProtectedNamespaces protectedNamespaces, TimeProvider clock)
{
    // What ends sooner was out of time before it began, and tells nothing of the server.
    private static readonly TimeSpan FairWait = TimeSpan.FromSeconds(1);

    /// <summary>Makes a call that only reads, or that writes to an object outside any namespace.</summary>
    /// <param name="doing">What the call does, as a verb phrase for messages: <c>read the pod shop/cart-0</c>.</param>
    /// <param name="isWhole">Whether the answer is the object asked for; an answer that is not counts as a server error.</param>
    /// <param name="byKubelet">Whether the API server hands the call on to a kubelet, so that a slow answer or a 503 says nothing of the API server.</param>
    public async Task<KubeResult<T>> CallAsync<T>(
        string doing, CallScope scope, Func<IKubernetes, CancellationToken, Task<T>> call, Func<T, bool> isWhole, bool byKubelet = false)
        where T : class
    {
        if (!connection.TryGetClient(out var client, out string? unavailable))
        {
            scope.Note(reached: false);
            return new KubeError(FailureKind.Unreachable, $"cannot {doing}: {unavailable}");
        }

        string? refusal = scope.Refusal() ?? (scope.Token.IsCancellationRequested ? "the attempt was stopped" : null);
        if (refusal is not null)
        {
            return new KubeError(FailureKind.NotSent, $"did not {doing}: {refusal}");
        }

        long start = clock.GetTimestamp();
        try
        {
            var answer = await call(client, scope.Token);
            scope.Note(reached: true);
            return answer is not null && isWhole(answer)
                ? answer
                : new KubeError(FailureKind.ServerError, $"cannot {doing}: the answer is not what a Kubernetes API server sends");
        }
        catch (Exception e) when (KubeErrors.TryClassify(e, doing, clock, out var error))
        {
            Note(scope, error, clock.GetElapsedTime(start), byKubelet);

            // Newer credentials are there: what was refused was not carried out, and the next attempt uses them.
            return connection.Heed(client, error) ? error with { Kind = FailureKind.Unreachable } : error;
        }
    }

    /// <summary>Tells the scope what an error says of the API server itself; an answer about one object says that it is there.</summary>
    public static void Note(CallScope scope, KubeError error, TimeSpan waited, bool byKubelet)
    {
        if (error.Kind == FailureKind.Unreachable
            || (!byKubelet && (error.Code == 503 || (error.Kind == FailureKind.Timeout && waited >= FairWait))))
        {
            scope.Note(reached: false);
        }
        else if (error.Code is not null and not 503)
        {
            scope.Note(reached: true);
        }
    }

    /// <summary>
    /// Makes a write that carries a uid as its precondition. A 409 to it means another uid, unless the object was modified meanwhile, or
    /// a webhook or a proxy said it. The difference is the one between "nothing to do" and "not done", so the name is read again.
    /// </summary>
    public static async Task<KubeResult<T>> ExplainAsync<T, TRead>(
        Task<KubeResult<T>> write, Func<Task<KubeResult<TRead>>> read, Func<TRead, string?> uidOf, string uid)
        where T : class
        where TRead : class
    {
        var result = await write;
        if (result.TryGet(out _, out var error) || !error.Modified)
        {
            return result;
        }

        var now = await read();
        if (now.TryGet(out var found, out var readError))
        {
            return error with { Replaced = uidOf(found) != uid };
        }

        // What cannot be read now decides by its own kind whether the whole is tried again.
        return readError.Kind == FailureKind.NotFound ? error with { Replaced = true } : readError;
    }

    /// <summary>
    /// Makes a call that writes to an object which Talon made for an action: as <see cref="WriteAsync{T}"/>, but Talon's own namespace
    /// is open to it.
    /// </summary>
    public Task<KubeResult<T>> WriteOwnAsync<T>(
        NamespaceName target, string doing, CallScope scope, Func<IKubernetes, CancellationToken, Task<T>> call, Func<T, bool> isWhole)
        where T : class =>
        target.Value == protectedNamespaces.Own ? CallAsync(doing, scope, call, isWhole) : WriteAsync(target, doing, scope, call, isWhole);

    /// <summary>Makes a call that writes to an object of a namespace; refused when the namespace is protected.</summary>
    public async Task<KubeResult<T>> WriteAsync<T>(
        NamespaceName target, string doing, CallScope scope, Func<IKubernetes, CancellationToken, Task<T>> call, Func<T, bool> isWhole)
        where T : class =>
        protectedNamespaces.Contains(target)
            ? new KubeError(FailureKind.Rejected, protectedNamespaces.Reason(target)) { ProtectedNamespace = true }
            : await CallAsync(doing, scope, call, isWhole);
}
