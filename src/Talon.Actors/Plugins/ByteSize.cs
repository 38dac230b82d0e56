using System.Globalization;

namespace Talon.Actors.Plugins;

/// <summary>A number of bytes as parameters write it: digits, and after them nothing, <c>Ki</c>, <c>Mi</c> or <c>Gi</c> (powers of 1,024).</summary>
internal static class ByteSize
{
    /// <summary>Reads a size. False for anything else, and for what is over 2^63 - 1 bytes.</summary>
    /// <param name="text">The text, for instance <c>100Mi</c>.</param>
    /// <param name="bytes">The number of bytes.</param>
    public static bool TryParse(string? text, out long bytes)
    {
        bytes = 0;
        int shift = text is not { Length: > 2 } ? 0 : text[^2..] switch { "Ki" => 10, "Mi" => 20, "Gi" => 30, _ => 0 };
        string? digits = shift > 0 ? text![..^2] : text;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number > long.MaxValue >> shift)
        {
            return false;
        }

        bytes = number << shift;
        return true;
    }
}
