using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Talon.Actors.Plugins;

namespace Talon.Actors.Outputs.ObjectStores;

/// <summary>What an object says of the artifact that it holds.</summary>
internal static class ArtifactMetadata
{
    public const string Sha256 = "talon-sha256";
    public const string EventKey = "talon-event-key";

    // S3 allows 2 KB for all names and values together.
    private const int LongestValue = 200;

    /// <summary>The metadata of an artifact, with names in lower case and values of printable ASCII.</summary>
    public static ImmutableSortedDictionary<string, string> Of(Artifact artifact, ArtifactContent.Whole content)
    {
        var origin = artifact.Origin;
        var values = new (string Name, string Value)[]
        {
            (Sha256, content.Sha256),
            (EventKey, origin.EventKey),
            ("talon-rule", origin.Rule),
            ("talon-action", origin.Action),
            ("talon-actionner", origin.Actionner),
            ("talon-position", origin.Position.ToString(CultureInfo.InvariantCulture)),
            ("talon-attempt", origin.Attempt.ToString(CultureInfo.InvariantCulture)),
            ("talon-trace-id", origin.TraceId),
        };
        return values.Where(value => value.Value.Length > 0).ToImmutableSortedDictionary(value => value.Name, value => Plain(value.Value), StringComparer.Ordinal);
    }

    /// <summary>The media type of an artifact of this name.</summary>
    public static string ContentType(string name) => name switch
    {
        _ when name.EndsWith(".pcap", StringComparison.Ordinal) => "application/vnd.tcpdump.pcap",
        _ when name.EndsWith(".gz", StringComparison.Ordinal) => "application/gzip",
        "log" => "text/plain; charset=utf-8",
        _ when name.EndsWith(".txt", StringComparison.Ordinal) || name.EndsWith(".log", StringComparison.Ordinal) => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };

    // A header takes printable ASCII without blanks at its ends. What is not is percent-encoded, whole characters at a time.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(LongestValue);
        foreach (var rune in text.EnumerateRunes())
        {
            string piece = rune.Value is > ' ' and <= '~' and not '%' || (rune.Value == ' ' && plain.Length > 0) ? rune.ToString() : Uri.EscapeDataString(rune.ToString());
            if (plain.Length + piece.Length > LongestValue)
            {
                break;
            }

            plain.Append(piece);
        }

        return plain.ToString().TrimEnd(' ');
    }
}
