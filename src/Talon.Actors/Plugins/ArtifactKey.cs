using System.Globalization;
using System.Text;

namespace Talon.Actors.Plugins;

/// <summary>
/// Builds the name under which an output stores an artifact, the same way for all of them:
/// <c>TIME_NAMESPACE_POD_EVENTKEY-POSITION-ATTEMPT_NAME</c>. Names come from an attacker: what is left of them is one plain segment of a path.
/// </summary>
internal static class ArtifactKey
{
    /// <summary>The longest key in bytes. File systems take 255; the rest is left for what an output puts behind it.</summary>
    public const int MaxLength = 240;

    private const int LongestWhere = 100;
    private const int LongestWhereItem = 56;
    private const int LongestEventKey = 56;

    /// <param name="ordinal">Tells apart artifacts that would have the same key otherwise; the first is 1 and does not show.</param>
    public static string Create(Artifact artifact, DateTimeOffset at, int ordinal = 1)
    {
        string time = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH-mm-ss.fff'Z'", CultureInfo.InvariantCulture);
        string origin = $"{Segment(artifact.Origin.EventKey, LongestEventKey)}-{artifact.Origin.Position.ToString(CultureInfo.InvariantCulture)}-{artifact.Origin.Attempt.ToString(CultureInfo.InvariantCulture)}";
        if (ordinal > 1)
        {
            origin = $"{origin}-{ordinal.ToString(CultureInfo.InvariantCulture)}";
        }

        string key = string.Join('_', new[] { time, Where(artifact), origin }.Where(part => part.Length > 0));
        return $"{key}_{Segment(artifact.Name, MaxLength - key.Length - 1)}";
    }

    /// <summary>
    /// Makes one plain segment of a text: letters and digits of ASCII, <c>_</c>, <c>-</c> and single dots that are not in front stay, every
    /// other character becomes <c>_</c>. Of a long text the end stays, where file names differ.
    /// </summary>
    public static string Segment(string text, int longest)
    {
        // One more than fits, so that the dot before the first that is kept is known.
        var tail = Tail(text, longest + 1);
        var segment = new StringBuilder(tail.Length);
        char last = '.';
        foreach (var rune in tail.EnumerateRunes())
        {
            char c = rune.IsAscii ? (char)rune.Value : '_';
            bool stays = char.IsAsciiLetterOrDigit(c) || c is '_' or '-' || (c == '.' && last != '.');
            if (c == '.' && !stays && segment.Length > 0)
            {
                segment[^1] = '_';
            }

            segment.Append(stays ? c : '_');
            last = c;
        }

        string whole = segment.Length > longest ? segment.ToString(segment.Length - longest, longest) : segment.ToString();
        return whole.Length == 0 ? "_" : whole[0] == '.' ? "_" + whole[1..] : whole;
    }

    private static string Where(Artifact artifact)
    {
        var objects = artifact.Objects;
        string? Of(string name) => objects.GetValueOrDefault(name) is { Length: > 0 } value ? Segment(value, LongestWhereItem) : null;
        if (Of("namespace") is { } namespaceName && Of("pod") is { } pod)
        {
            return Bounded($"{namespaceName}_{pod}");
        }

        return Of("hostname") ?? Bounded(string.Join('_', objects
            .Where(item => item.Key != "file" && item.Value.Length > 0)
            .OrderBy(item => item.Key, StringComparer.Ordinal)
            .Take(LongestWhere / 2)
            .Select(item => Segment(item.Value, LongestWhereItem))));
    }

    private static string Bounded(string where) => where.Length > LongestWhere ? where[..LongestWhere] : where;

    private static ReadOnlySpan<char> Tail(string text, int longest)
    {
        // A rune has at most two chars, and none may lose its first.
        int start = Math.Max(0, text.Length - (2 * longest));
        return text.AsSpan(start > 0 && char.IsLowSurrogate(text[start]) ? start + 1 : start);
    }
}
