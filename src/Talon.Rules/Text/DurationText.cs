using System.Buffers;
using System.Globalization;

namespace Talon.Rules.Text;

/// <summary>Reads durations as people write them in rule files, in the configuration and on the command line.</summary>
public static class DurationText
{
    /// <summary>What is expected, for messages.</summary>
    public const string Hint = "write whole seconds (90) or numbers with units d, h, m, s, ms (7d, 1h30m, 500ms)";

    // Four numbers of this length, all in days, are milliseconds that a decimal still holds.
    private const int LongestNumber = 20;
    private const int LongestText = 4 * (LongestNumber + 1);

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>The longest duration of a rule file: 365 days.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(365);

    /// <summary>
    /// Reads whole seconds (<c>90</c>) or numbers with units (<c>7d</c>, <c>1h30m</c>, <c>1.5s</c>, <c>500ms</c>). Not negative, at most
    /// <see cref="Longest"/>, rounded to milliseconds.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration) => TryParse(text, Longest, out duration);

    /// <summary>Reads a duration of at most <paramref name="longest"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, TimeSpan longest, out TimeSpan duration)
    {
        decimal? milliseconds = Milliseconds(text);
        bool fits = milliseconds <= (decimal)longest.TotalMilliseconds;
        duration = fits ? TimeSpan.FromMilliseconds((long)decimal.Round(milliseconds!.Value)) : default;
        return fits;
    }

    /// <summary>Whether the text is a duration in form, but longer than <see cref="Longest"/>.</summary>
    public static bool IsTooLong(ReadOnlySpan<char> text) => Milliseconds(text) > (decimal)Longest.TotalMilliseconds;

    /// <summary>Writes a duration so that <see cref="TryParse(ReadOnlySpan{char}, out TimeSpan)"/> reads the same again: <c>1h30m</c>, <c>500ms</c>, <c>0</c>.</summary>
    /// <param name="duration">The duration, not negative, in whole milliseconds.</param>
    public static string Format(TimeSpan duration)
    {
        string text = string.Concat(
            Part((long)duration.TotalHours, "h"), Part(duration.Minutes, "m"), Part(duration.Seconds, "s"), Part(duration.Milliseconds, "ms"));
        return text.Length > 0 ? text : "0";

        static string Part(long number, string unit) => number == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");
    }

    /// <summary>As <see cref="Format"/>, but whole days over one as <c>7d</c>: for bounds and defaults that people are told.</summary>
    public static string FormatShort(TimeSpan duration) => duration > TimeSpan.FromDays(1) && duration.Ticks % TimeSpan.TicksPerDay == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{duration.Days}d")
        : Format(duration);

    // Null when the text is no duration. Without rounding, and beyond any bound.
    private static decimal? Milliseconds(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > LongestText)
        {
            return null;
        }

        if (!text.ContainsAnyExceptInRange('0', '9'))
        {
            return text.Length > LongestNumber ? decimal.MaxValue : decimal.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) * 1000;
        }

        decimal milliseconds = 0;
        while (!text.IsEmpty)
        {
            int number = text.IndexOfAnyExcept(NumberCharacters);
            if (number is <= 0 or > LongestNumber
                || !decimal.TryParse(text[..number], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value))
            {
                return null;
            }

            text = text[number..];
            int unit = text.IndexOfAny(NumberCharacters);
            var name = unit < 0 ? text : text[..unit];
            decimal factor = name switch
            {
                "d" => 86_400_000,
                "h" => 3_600_000,
                "m" => 60_000,
                "s" => 1000,
                "ms" => 1,
                _ => 0,
            };
            if (factor == 0)
            {
                return null;
            }

            milliseconds += value * factor;
            text = text[name.Length..];
        }

        return milliseconds;
    }
}
