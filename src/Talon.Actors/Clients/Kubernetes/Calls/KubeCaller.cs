using k8s;
using Talon.Actors.Clients.Kubernetes.Connection;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>The one way out: asks for leave right before each request, makes the call under the attempt's token, and turns its end into a value.</summary>
internal sealed class KubeCaller(KubernetesConnection connection, ProtectedNamespaces protectedNamespaces, TimeProvider clock)
{
    /// <summary>Makes a call that only reads, or that writes to an object outside any namespace.</summary>
    /// <param name="doing">What the call does, as a verb phrase for messages: <c>read the pod shop/cart-0</c>.</param>
    /// <param name="scope">The leave to call.</param>
    /// <param name="call">The call.</param>
    /// <param name="isWhole">Whether the answer is the object asked for; an answer that is not counts as a server error.</param>
    public async Task<KubeResult<T>> CallAsync<T>(
        string doing, CallScope scope, Func<IKubernetes, CancellationToken, Task<T>> call, Func<T, bool> isWhole)
        where T : class
    {
        if (!connection.TryGetClient(out var client, out string? unavailable))
        {
            return new KubeError(FailureKind.Unreachable, $"cannot {doing}: {unavailable}");
        }

        string? refusal = scope.Refusal() ?? (scope.Token.IsCancellationRequested ? "the attempt was stopped" : null);
        if (refusal is not null)
        {
            return new KubeError(FailureKind.NotSent, $"did not {doing}: {refusal}");
        }

        try
        {
            var answer = await call(client, scope.Token);
            return answer is not null && isWhole(answer)
                ? answer
                : new KubeError(FailureKind.ServerError, $"cannot {doing}: the answer is not what a Kubernetes API server sends");
        }
        catch (Exception e) when (KubeErrors.TryClassify(e, doing, clock, out var error))
        {
            // Newer credentials are there: what was refused was not carried out, and the next attempt uses them.
            return connection.Heed(client, error) ? error with { Kind = FailureKind.Unreachable } : error;
        }
    }

    /// <summary>Makes a call that writes to an object of a namespace; refused when the namespace is protected.</summary>
    public async Task<KubeResult<T>> WriteAsync<T>(
        NamespaceName target, string doing, CallScope scope, Func<IKubernetes, CancellationToken, Task<T>> call, Func<T, bool> isWhole)
        where T : class =>
        protectedNamespaces.Contains(target)
            ? new KubeError(FailureKind.Rejected, protectedNamespaces.Reason(target)) { ProtectedNamespace = true }
            : await CallAsync(doing, scope, call, isWhole);
}
