namespace Talon.Rules.Events;

/// <summary>
/// Whether a value of an event says anything: the one place where that is decided. Null, empty text and <c>&lt;NA&gt;</c> (what
/// Falco writes where it does not know a value, in just these letters) say nothing. Zero, <c>false</c>, blanks, lists and objects,
/// also empty ones, are values. <c>docs/variables.md</c> has the table.
/// </summary>
internal static class SetValues
{
    /// <summary>Whether a text is a value.</summary>
    public static bool IsSet(ReadOnlySpan<char> text) => !text.IsEmpty && !text.SequenceEqual(WellKnownFields.NotAvailable);

    /// <summary>Whether a text in UTF-8 is a value.</summary>
    public static bool IsSet(ReadOnlySpan<byte> utf8) => !utf8.IsEmpty && !utf8.SequenceEqual("<NA>"u8);
}
