using k8s;
using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>Reads lists of pods page by page, bounded.</summary>
internal static class PodPages
{
    private const int PageSize = 500;

    /// <param name="Namespace">The namespace; null for all.</param>
    public sealed record Query(NamespaceName? Namespace, string Doing, string? LabelSelector = null, string? FieldSelector = null, int MaxPages = 40);

    /// <summary>Gives each page to <paramref name="take"/> until it says false or the list ends. Null, or the error that ended it.</summary>
    public static async Task<KubeError?> ReadAsync(KubeCaller caller, Query query, CallScope scope, Func<IList<V1Pod>, bool> take)
    {
        string? next = null;
        for (int page = 0; page < query.MaxPages; page++)
        {
            string? from = next;
            var answer = await caller.CallAsync(query.Doing, scope, (client, token) => ListAsync(client, query, from, token), IsWhole);
            if (!answer.TryGet(out var list, out var error))
            {
                // 410: the snapshot behind the token has expired. A repeat of the whole list works.
                return error.Code == 410 ? error with { Kind = FailureKind.ServerError } : error;
            }

            next = list.Metadata?.ContinueProperty;
            if (!take(list.Items) || string.IsNullOrEmpty(next))
            {
                return null;
            }
        }

        return new KubeError(FailureKind.Rejected, $"did not {query.Doing} to the end: more than {query.MaxPages * PageSize} pods");
    }

    private static bool IsWhole(V1PodList list) =>
        list.Items is { } items && items.All(pod => !string.IsNullOrEmpty(pod?.Metadata?.Uid));

    private static Task<V1PodList> ListAsync(IKubernetes client, Query query, string? from, CancellationToken token) => query.Namespace is { } name
        ? client.CoreV1.ListNamespacedPodAsync(
            name.Value, labelSelector: query.LabelSelector, fieldSelector: query.FieldSelector, limit: PageSize, continueParameter: from, cancellationToken: token)
        : client.CoreV1.ListPodForAllNamespacesAsync(
            labelSelector: query.LabelSelector, fieldSelector: query.FieldSelector, limit: PageSize, continueParameter: from, cancellationToken: token);
}
