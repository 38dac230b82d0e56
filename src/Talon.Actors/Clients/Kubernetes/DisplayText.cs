using System.Buffers;
using System.Globalization;
using System.Text;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>
/// Makes text that is safe to show from what a workload printed: valid UTF-8, without sequences that steer a terminal, without control
/// and direction characters but line feeds and tabs.
/// </summary>
internal static class DisplayText
{
    /// <summary>
    /// A text of at most <paramref name="mostBytes"/> bytes of UTF-8; it ends before the first character that does not fit.
    /// </summary>
    public static string From(ReadOnlySpan<byte> bytes, int mostBytes)
    {
        var text = new StringBuilder(Math.Min(bytes.Length, mostBytes));
        int length = 0;
        while (!bytes.IsEmpty)
        {
            if (bytes[0] == 0x1B)
            {
                bytes = bytes[SequenceLength(bytes)..];
                continue;
            }

            var status = Rune.DecodeFromUtf8(bytes, out var rune, out int consumed);
            bytes = bytes[consumed..];
            if (status != OperationStatus.Done)
            {
                rune = Rune.ReplacementChar;
            }

            if (!IsShown(rune))
            {
                continue;
            }

            length += rune.Utf8SequenceLength;
            if (length > mostBytes)
            {
                break;
            }

            text.Append(rune.ToString());
        }

        return text.ToString();
    }

    private static bool IsShown(Rune rune) => rune.Value is '\n' or '\t'
        || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    // ECMA-48: ESC [ parameters final; ESC ] or P, X, ^, _ text up to BEL or ESC \; any other ESC with its intermediates and final.
    private static int SequenceLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
        {
            return bytes.Length;
        }

        int at = 2;
        if (bytes[1] is (byte)']' or (byte)'P' or (byte)'X' or (byte)'^' or (byte)'_')
        {
            int end = bytes[at..].IndexOfAny((byte)0x07, (byte)0x1B);

            // One that nothing ends would hide all that follows.
            return end < 0 ? at : bytes[at + end] == 0x07 ? at + end + 1 : Math.Min(at + end + 2, bytes.Length);
        }

        if (bytes[1] == '[')
        {
            while (at < bytes.Length && bytes[at] is >= 0x20 and <= 0x3F)
            {
                at++;
            }

            return at < bytes.Length && bytes[at] is >= 0x40 and <= 0x7E ? at + 1 : at;
        }

        at = 1;
        while (at < bytes.Length && bytes[at] is >= 0x20 and <= 0x2F)
        {
            at++;
        }

        return at < bytes.Length && bytes[at] is >= 0x30 and <= 0x7E ? at + 1 : at;
    }
}
