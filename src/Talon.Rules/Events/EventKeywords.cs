using System.Text;

namespace Talon.Rules.Events;

/// <summary>The keys of an event that Talon reads.</summary>
internal enum EventKeyword
{
    Other,
    Output,
    Priority,
    Rule,
    Hostname,
    Time,
    Source,
    OutputFields,
    Tags,
    Uuid,
}

/// <summary>Recognises the keys of an event, in any case.</summary>
internal static class EventKeywords
{
    public static EventKeyword Find(ReadOnlySpan<byte> key) => key.Length switch
    {
        4 when Is(key, "rule"u8) => EventKeyword.Rule,
        4 when Is(key, "time"u8) => EventKeyword.Time,
        4 when Is(key, "tags"u8) => EventKeyword.Tags,
        4 when Is(key, "uuid"u8) => EventKeyword.Uuid,
        6 when Is(key, "output"u8) => EventKeyword.Output,
        6 when Is(key, "source"u8) => EventKeyword.Source,
        8 when Is(key, "priority"u8) => EventKeyword.Priority,
        8 when Is(key, "hostname"u8) => EventKeyword.Hostname,
        13 when Is(key, "output_fields"u8) => EventKeyword.OutputFields,
        _ => EventKeyword.Other,
    };

    private static bool Is(ReadOnlySpan<byte> key, ReadOnlySpan<byte> keyword) => Ascii.EqualsIgnoreCase(key, keyword);
}
