using System.Collections.Immutable;
using Akka.Cluster;

namespace Talon.Cluster.Forming.Healing;

/// <summary>Which of two clusters of the same seed nodes must give way. Plain data without actors.</summary>
internal static class DuplicateClusters
{
    /// <summary>The Up members of a cluster, each as <c>address#uid</c>, in ordinal order.</summary>
    public static ImmutableArray<string> MembersOf(Akka.Cluster.Cluster cluster) =>
    [
        .. cluster.State.Members
            .Where(member => member.Status == MemberStatus.Up)
            .Select(member => $"{member.Address}#{(uint)member.UniqueAddress.Uid:x8}")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// Whether the first cluster gives way to the second: it has fewer members, or as many and the later first name. Never when they
    /// share a member: then they are one cluster, and one of the two lists is old.
    /// </summary>
    public static bool MustGiveWay(ImmutableArray<string> mine, ImmutableArray<string> theirs)
    {
        if (theirs.IsEmpty || mine.Intersect(theirs, StringComparer.Ordinal).Any())
        {
            return false;
        }

        return mine.Length != theirs.Length ? mine.Length < theirs.Length : string.CompareOrdinal(mine.FirstOrDefault(), theirs[0]) > 0;
    }
}
