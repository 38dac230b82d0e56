using System.Globalization;

namespace Talon.Cluster.Membership;

/// <summary>
/// The identity of a process: 32 hex digits, new at each start. The first 8 are the uid by which the cluster distinguishes two
/// processes on one address, so that the membership can prove that an earlier one is over.
/// </summary>
internal static class Incarnation
{
    /// <summary>A new one.</summary>
    public static string New(int uid) => $"{(uint)uid:x8}{Guid.NewGuid().ToString("N").AsSpan(8)}";

    /// <summary>Whether an incarnation belongs to the process with that uid.</summary>
    public static bool IsOf(string incarnation, int uid) =>
        incarnation.Length >= 8
        && uint.TryParse(incarnation.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint own)
        && own == (uint)uid;
}
