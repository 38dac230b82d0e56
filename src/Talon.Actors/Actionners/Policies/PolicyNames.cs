using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Policies;

/// <summary>
/// The names of the policy of a workload: <c>talon-</c> and the name of a Deployment, <c>talon-statefulset-</c> and the name of a
/// StatefulSet, and so on. A Deployment whose own name begins like that is written with its kind as well. So the kind and the name
/// can be read back from it, and no two workloads share one.
/// </summary>
/// <param name="Own">Depends on kind and name of the workload alone.</param>
/// <param name="Former">The name that Talon used before, the same for all kinds. A policy of this workload that has it stays in use.</param>
/// <param name="Reserve">The name to use when an older policy of another workload has <paramref name="Own"/>.</param>
internal sealed record PolicyNames(ResourceName Own, ResourceName Former, ResourceName Reserve)
{
    private const string Prefix = "talon-";
    private const int HashDigits = 8;

    // Calico stores a policy under its name prefixed with the tier, and both together have to be a valid name.
    private const int TierPrefix = 8;

    private static readonly ImmutableArray<string> KindPrefixes =
    [
        .. new[]
        {
            ResourceTypes.Deployments, ResourceTypes.StatefulSets, ResourceTypes.DaemonSets, ResourceTypes.ReplicaSets, ResourceTypes.Jobs,
            ResourceTypes.CronJobs, ResourceTypes.Pods,
        }.Select(type => KindPrefix(type.Kind)),
    ];

    /// <summary>
    /// A name that is too long, or has dots where they are not allowed, is changed and ends with a hash, so that no two workloads share
    /// one.
    /// </summary>
    public static PolicyNames For(ResourceType type, string kind, string owner, bool dots)
    {
        string flat = Flat(owner, dots);
        var former = Create(type, Prefix, owner, owner, dots, hashed: false);
        bool plain = kind == ResourceTypes.Deployments.Kind && !KindPrefixes.Any(prefix => flat.StartsWith(prefix, StringComparison.Ordinal));
        string prefix = Prefix + KindPrefix(kind);
        return new PolicyNames(
            plain ? former : Create(type, prefix, owner, $"{kind}/{owner}", dots, hashed: false),
            former,
            Create(type, prefix, owner, $"reserve/{kind}/{owner}", dots, hashed: true));
    }

    /// <summary>The first few names for a message, and how many more there are.</summary>
    public static string Few(IReadOnlyCollection<string> names)
    {
        const int Few = 5;
        return string.Join(", ", names.Take(Few).Select(OneLine.From)) + (names.Count > Few ? $" and {names.Count - Few} more" : "");
    }

    private static string KindPrefix(string kind) => kind.ToLowerInvariant() + "-";

    private static string Flat(string owner, bool dots) => dots ? owner : owner.Replace('.', '-');

    private static ResourceName Create(ResourceType type, string prefix, string owner, string identity, bool dots, bool hashed)
    {
        string text = prefix + Flat(owner, dots);
        int most = dots ? Dns1123.MaxSubdomain : Dns1123.MaxSubdomain - TierPrefix;
        if (hashed || text != prefix + owner || text.Length > most)
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..HashDigits];
            string kept = text[..Math.Min(text.Length, most - HashDigits - 1)].TrimEnd('-', '.');
            text = $"{kept}-{hash}";
        }

        return ResourceName.TryCreate(type, text, out var name)
            ? name
            : throw new InvalidOperationException($"{text} is not the name of a policy");
    }
}
