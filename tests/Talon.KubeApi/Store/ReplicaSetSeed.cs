namespace Talon.KubeApi;

/// <summary>How a seeded replica set looks and behaves.</summary>
public sealed record ReplicaSetSeed
{
    /// <summary>Selector and labels of the pods; null: <c>app</c> with the name of the replica set.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>True: as many ready pods as replicas are made with it, named <c>NAME-xxxxx</c>. False: pods come by <see cref="ClusterStore.AddPod"/>.</summary>
    public bool CreatePods { get; init; } = true;

    /// <summary>True: pods that go are replaced, as the real controller does.</summary>
    public bool RecreatePods { get; init; }

    /// <summary>Null: no owner, e.g. a Deployment.</summary>
    public OwnerSeed? Owner { get; init; }

    /// <summary>Seconds, for the pods.</summary>
    public int TerminationGracePeriodSeconds { get; init; } = 30;
}
