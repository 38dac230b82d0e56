using System.Buffers;
using System.Globalization;
using Talon.Rules.Text;

namespace Talon.Host.Configuration;

/// <summary>Reads the values of configuration keys, and shows them. Null means that the text is none.</summary>
internal static class ConfigValues
{
    // Far from what a decimal holds in nanoseconds.
    private const int LongestDuration = 100;

    private static readonly SearchValues<char> NumberLetters = SearchValues.Create("0123456789.");

    private static readonly (string Unit, long Nanoseconds)[] DurationUnits =
    [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000),
        ("m", 60_000_000_000), ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
    ];

    /// <summary>A whole number within bounds.</summary>
    public static Func<string, int?> Whole(int least, int most) => text =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : null;

    /// <summary><c>true</c>, <c>false</c>, or <c>1</c> and <c>0</c> as the original takes them.</summary>
    public static bool? Flag(string text) => text.ToLowerInvariant() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => null,
    };

    /// <summary>A duration within bounds: whole seconds, or numbers with units such as <c>90s</c>, <c>1h30m</c>, <c>7d</c>.</summary>
    public static Func<string, TimeSpan?> Duration(TimeSpan least, TimeSpan most) => text =>
        ParseDuration(text) is { } value && value >= least && value <= most ? value : null;

    /// <summary>What would be right where <see cref="Duration"/> reads, to follow "must be".</summary>
    /// <param name="zero">What 0 means; empty where it means nothing of its own.</param>
    public static string DurationBounds(TimeSpan least, TimeSpan most, string zero = "") =>
        $"a duration from {ShowDuration(least)}{(zero.Length > 0 ? $" ({zero})" : "")} to {ShowDuration(most)}, in whole seconds or like 90s, 10m, 1h30m, 7d";

    /// <summary>A number of bytes as <see cref="Bytes"/> reads it.</summary>
    public static string ShowBytes(int bytes) => (bytes % (1024 * 1024), bytes % 1024) switch
    {
        (0, _) => $"{bytes / 1024 / 1024}Mi",
        (_, 0) => $"{bytes / 1024}Ki",
        _ => $"{bytes}",
    };

    /// <summary>A value for a message: what is over 80 characters is cut off, never between the halves of a surrogate pair.</summary>
    public static string Shorten(string text) =>
        text.Length <= 80 ? text : text[..(char.IsHighSurrogate(text[79]) ? 79 : 80)] + "…";

    /// <summary>A number of bytes within bounds, also with the suffixes <c>Ki</c> and <c>Mi</c>.</summary>
    public static Func<string, int?> Bytes(int least, int most) => text =>
    {
        long factor = text.EndsWith("Ki", StringComparison.Ordinal) ? 1024 : text.EndsWith("Mi", StringComparison.Ordinal) ? 1024 * 1024 : 1;
        var digits = factor == 1 ? text : text.AsSpan(0, text.Length - 2);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && number <= most && number * factor >= least && number * factor <= most
            ? (int)(number * factor)
            : null;
    };

    private static TimeSpan? ParseDuration(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
        {
            return seconds <= TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : null;
        }

        if (text.Length > LongestDuration)
        {
            return null;
        }

        decimal nanoseconds = 0;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(NumberLetters);
            if (digits is <= 0 or > 12
                || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
            {
                return null;
            }

            rest = rest[digits..];
            int letters = rest.IndexOfAny(NumberLetters);
            var unit = letters < 0 ? rest : rest[..letters];
            rest = rest[unit.Length..];
            if (NanosecondsOf(unit) is not { } factor)
            {
                return null;
            }

            nanoseconds += number * factor;
        }

        return text.Length > 0 && nanoseconds / 100 <= TimeSpan.MaxValue.Ticks ? TimeSpan.FromTicks((long)(nanoseconds / 100)) : null;
    }

    private static string ShowDuration(TimeSpan duration) =>
        duration > TimeSpan.FromDays(1) && duration.Ticks % TimeSpan.TicksPerDay == 0 ? $"{duration.Days}d" : DurationText.Format(duration);

    private static long? NanosecondsOf(ReadOnlySpan<char> unit)
    {
        foreach (var (name, nanoseconds) in DurationUnits)
        {
            if (unit.SequenceEqual(name))
            {
                return nanoseconds;
            }
        }

        return null;
    }
}
