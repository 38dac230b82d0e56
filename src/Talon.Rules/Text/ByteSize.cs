using System.Globalization;

namespace Talon.Rules.Text;

/// <summary>
/// A number of bytes as rule files and the configuration write it: digits, and after them nothing, <c>Ki</c>, <c>Mi</c> or <c>Gi</c>
/// (powers of 1,024).
/// </summary>
public static class ByteSize
{
    private static readonly (string Suffix, int Shift)[] Suffixes = [("Gi", 30), ("Mi", 20), ("Ki", 10)];

    /// <summary>Reads a size. False for anything else, and for what is over 2^63 - 1 bytes.</summary>
    public static bool TryParse(string? text, out long bytes)
    {
        bytes = 0;
        string digits = text ?? "";
        int shift = 0;
        foreach (var (suffix, bits) in Suffixes)
        {
            if (digits.EndsWith(suffix, StringComparison.Ordinal))
            {
                digits = digits[..^suffix.Length];
                shift = bits;
                break;
            }
        }

        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number > long.MaxValue >> shift)
        {
            return false;
        }

        bytes = number << shift;
        return true;
    }

    /// <summary>Writes a size so that <see cref="TryParse"/> reads the same again, with the largest suffix that leaves it whole.</summary>
    /// <param name="bytes">The number of bytes, not negative.</param>
    public static string Format(long bytes)
    {
        foreach (var (suffix, shift) in Suffixes)
        {
            if (bytes > 0 && bytes % (1L << shift) == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{bytes >> shift}{suffix}");
            }
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What is expected, to follow "must be": <c>a number of bytes from 1Ki to 1Mi</c>.</summary>
    public static string Bounds(long least, long most) => $"a number of bytes from {Format(least)} to {Format(most)}";
}
