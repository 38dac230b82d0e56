using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Talon.Actors.Plugins;

namespace Talon.Actors.Notifiers.K8sEvents;

/// <summary>The texts of an event, within the limits of the API.</summary>
internal static class EventTexts
{
    /// <summary>The most bytes that a note may have, a limit of the API.</summary>
    public const int LongestNote = 1024;

    /// <summary>The most characters that reason, action and reportingInstance may have, a limit of the API. Counted in bytes here, which is stricter.</summary>
    public const int LongestWord = 128;

    // What the sender of the event shapes must leave room for what Talon says.
    private const int LongestEvent = 240;
    private const int LongestLine = 120;
    private const int LongestText = 440;
    private const int MostObjects = 8;

    /// <summary>The name of the event about a notification: the same for each delivery of it, so that a repeat finds the first.</summary>
    public static string Name(Notification notification)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{notification.EventKey}/{notification.Position}"));
        return "falco-talon-" + Convert.ToHexStringLower(hash.AsSpan(0, 12));
    }

    public static string Reason(Notification notification) => Cut($"falco-talon:action:{notification.Actionner}:{notification.Status}", LongestWord);

    public static string Action(Notification notification) => Cut(notification.Actionner, LongestWord);

    /// <summary>The note: one line a value, those that tell most about the outcome first, so that a cut takes the rest.</summary>
    /// <param name="ofMany">Whether the event also counts others of its kind whose texts differ.</param>
    public static string Note(Notification notification, bool ofMany = false)
    {
        var note = new StringBuilder();
        Add(note, "Status", notification.Status, LongestLine);
        Add(note, "Kind", notification.FailureKind, LongestLine);
        Add(note, "Series", ofMany ? "others like it, with other texts, are counted here as well" : null, LongestLine);
        Add(note, "DryRun", notification.DryRun ? "true" : null, LongestLine);
        Add(note, "Message", "action", LongestLine);
        Add(note, "Rule", notification.Rule, LongestLine);
        Add(note, "Action", notification.Action, LongestLine);
        Add(note, "Actionner", notification.Actionner, LongestLine);
        Add(note, "TraceID", notification.TraceId, LongestLine);
        Add(note, Label(notification), notification.Text, LongestText);
        if (notification.Artifact is { } artifact)
        {
            Add(note, "OutputTarget", artifact.Target, LongestLine);
            Add(note, "Artifact", artifact.Text, LongestEvent);
        }

        foreach (var (name, value) in notification.Objects.Take(MostObjects))
        {
            Add(note, Title(name), value, LongestLine);
        }

        Add(note, "Event", notification.Event, LongestEvent);
        return Cut(note.ToString().TrimEnd('\n'), LongestNote);
    }

    /// <summary>As much of a text as fits into so many bytes of UTF-8, up to a whole character.</summary>
    public static string Cut(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
        {
            return text;
        }

        int used = 0;
        int end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            used += rune.Utf8SequenceLength;
            if (used > bytes)
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        return text[..end];
    }

    private static string Label(Notification notification) => notification.Status switch
    {
        "failure" => "Error",
        "ignored" => "Result",
        _ => "Output",
    };

    private static void Add(StringBuilder note, string label, string? value, int longest)
    {
        if (!string.IsNullOrEmpty(value))
        {
            string text = value.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
            note.Append(CultureInfo.InvariantCulture, $"{label}: {Cut(text, longest)}\n");
        }
    }

    private static string Title(string name) =>
        name.Length == 0 ? name : string.Concat(char.ToUpperInvariant(name[0]).ToString(), name.AsSpan(1));
}
