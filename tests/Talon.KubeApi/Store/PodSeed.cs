namespace Talon.KubeApi;

/// <summary>How a seeded pod looks. By default: one running, ready container on the first node, without owner.</summary>
public sealed record PodSeed
{
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Names of the containers.</summary>
    public IReadOnlyList<string> Containers { get; init; } = ["app"];

    public string Image { get; init; } = "busybox:1.36";

    /// <summary>Null: the first node by name. Empty: not scheduled, phase Pending.</summary>
    public string? NodeName { get; init; }

    /// <summary>Running, Pending, Succeeded or Failed.</summary>
    public string Phase { get; init; } = "Running";

    /// <summary>The Ready condition of a running pod.</summary>
    public bool Ready { get; init; } = true;

    /// <summary>Null: no owner. For an owner in the store see <see cref="OwnerSeed.Of"/>.</summary>
    public OwnerSeed? Owner { get; init; }

    /// <summary>
    /// True: the mirror of a static pod of its node, with the annotation and the node as its owner. Deleted or evicted it comes back with a
    /// new uid.
    /// </summary>
    public bool IsMirror { get; init; }

    /// <summary>Null: made up.</summary>
    public string? Uid { get; init; }

    /// <summary>Seconds.</summary>
    public int TerminationGracePeriodSeconds { get; init; } = 30;

    public IReadOnlyList<string> Finalizers { get; init; } = [];

    public string RestartPolicy { get; init; } = "Always";

    /// <summary>Pod address; null: the next free one.</summary>
    public string? PodIP { get; init; }
}
