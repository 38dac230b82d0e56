using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Talon.Actors.Actionners.Policies;

/// <summary>The addresses that a policy denies: sorted, each once, bounded.</summary>
internal static class DenyList
{
    /// <summary>
    /// How many addresses one policy may deny. An attacker chooses the addresses; an object of etcd has at most 1.5 MiB, and the
    /// rules of a workload are evaluated for each of its connections.
    /// </summary>
    public const int MaxAddresses = 1000;

    /// <summary>Reads the ranges of one rule; null when a text is not a range.</summary>
    public static ImmutableArray<IPNetwork>? Read(IEnumerable<string?> texts)
    {
        var ranges = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (string? text in texts)
        {
            if (text is null || !NetworkRange.TryParse(text, out var range))
            {
                return null;
            }

            ranges.Add(range);
        }

        return ranges.ToImmutable();
    }

    /// <summary>Sorts ranges, IPv4 first, without duplicates.</summary>
    public static ImmutableArray<IPNetwork> Sort(IEnumerable<IPNetwork> ranges) =>
    [
        .. ranges.Distinct()
            .OrderBy(range => range.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
            .ThenBy(range => Convert.ToHexString(range.BaseAddress.GetAddressBytes()), StringComparer.Ordinal)
            .ThenBy(range => range.PrefixLength),
    ];

    /// <summary>Null when there are not too many, else what is wrong.</summary>
    public static string? Check(ImmutableArray<IPNetwork> ranges) => ranges.Length <= MaxAddresses
        ? null
        : $"it already denies {MaxAddresses} addresses, the most that Talon puts into one policy; deny ranges in a policy of your own and remove addresses from this one";
}
