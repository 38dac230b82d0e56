using k8s;
using k8s.Models;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>Jobs over the API.</summary>
internal sealed class KubeJobs(KubeCaller caller) : IJobs
{
    public Task<KubeResult<V1Job>> CreateAsync(NamespaceName namespaceName, V1Job job, CallScope scope) =>
        caller.WriteOwnAsync(
            namespaceName,
            $"create the Job {namespaceName}/{job.Metadata.Name}",
            scope,
            (client, token) => client.BatchV1.CreateNamespacedJobAsync(job, namespaceName.Value, cancellationToken: token),
            answer => answer.Metadata?.Name == job.Metadata.Name && !string.IsNullOrEmpty(answer.Metadata.Uid));

    public Task<KubeResult<V1Job>> GetAsync(NamespaceName namespaceName, KubeName name, CallScope scope) =>
        caller.CallAsync(
            $"read the Job {namespaceName}/{name}",
            scope,
            (client, token) => client.BatchV1.ReadNamespacedJobAsync(name.Value, namespaceName.Value, cancellationToken: token),
            job => job.Metadata?.Name == name.Value && !string.IsNullOrEmpty(job.Metadata.Uid));

    public Task<KubeResult<V1Status>> DeleteAsync(NamespaceName namespaceName, KubeName name, string uid, CallScope scope)
    {
        ArgumentException.ThrowIfNullOrEmpty(uid);

        // Without a policy this version of the API leaves the pods behind.
        var options = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = uid }, PropagationPolicy = "Background" };
        return KubeCaller.ExplainAsync(
            caller.WriteOwnAsync(
                namespaceName,
                $"delete the Job {namespaceName}/{name}",
                scope,
                (client, token) => client.BatchV1.DeleteNamespacedJobAsync(name.Value, namespaceName.Value, options, cancellationToken: token),
                _ => true),
            () => GetAsync(namespaceName, name, scope),
            job => job.Metadata.Uid,
            uid);
    }
}
