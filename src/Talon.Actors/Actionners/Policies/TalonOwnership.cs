using System.Text.Json.Nodes;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Kubernetes;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Policies;

/// <summary>How a policy shows that it is Talon's, and of which workload.</summary>
internal static class TalonOwnership
{
    /// <summary>The annotation with the kind of the workload.</summary>
    public const string OwnerKind = "talon/owner-kind";

    /// <summary>The annotation with the name of the workload; a label could not hold a long one.</summary>
    public const string OwnerName = "talon/owner-name";

    /// <summary>The annotation with the uid of the workload.</summary>
    public const string OwnerUid = "talon/owner-uid";

    /// <summary>Marks a policy as that of a workload; its other labels and annotations stay.</summary>
    public static void Claim(JsonObject policy, Workload workload)
    {
        var metadata = policy.Map("metadata");
        metadata.Map("labels")[ManagedBy.Label] = ManagedBy.Talon;
        var annotations = metadata.Map("annotations");
        annotations[OwnerKind] = workload.Kind;
        annotations[OwnerName] = workload.Name;
        annotations[OwnerUid] = workload.Uid;
    }

    /// <summary>Whether a policy is Talon's and says that it belongs to a workload of another kind or name.</summary>
    public static bool IsOfAnother(JsonObject policy, Workload workload) =>
        policy.TextAt("metadata", "labels", ManagedBy.Label) == ManagedBy.Talon
        && policy.TextAt("metadata", "annotations", OwnerKind) is { } kind
        && policy.TextAt("metadata", "annotations", OwnerName) is { } name
        && (kind != workload.Kind || name != workload.Name);

    /// <summary>
    /// Why a stored policy may not be changed for that workload, one clause; null when it may. A policy with the same kind and name but
    /// another uid is that of a workload that no longer exists: the one that was just read has taken its name.
    /// </summary>
    public static string? Refusal(JsonObject policy, Workload workload)
    {
        if (policy.TextAt("metadata", "labels", ManagedBy.Label) != ManagedBy.Talon)
        {
            return $"it is not managed by Talon (no label {ManagedBy.Label}: {ManagedBy.Talon}); rename or remove it if Talon is to act here";
        }

        string? kind = policy.TextAt("metadata", "annotations", OwnerKind);
        string? name = policy.TextAt("metadata", "annotations", OwnerName);
        return kind == workload.Kind && name == workload.Name
            ? null
            : $"it belongs to another workload ({OneLine.From(kind ?? "no kind")} {OneLine.From(name ?? "without name")}, "
                + $"and not to {workload.Kind} {workload.Name}); remove it if that workload no longer exists";
    }
}
