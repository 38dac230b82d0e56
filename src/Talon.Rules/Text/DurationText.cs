using System.Buffers;
using System.Globalization;

namespace Talon.Rules.Text;

/// <summary>Reads durations as people write them in files.</summary>
public static class DurationText
{
    /// <summary>What would be right, for messages.</summary>
    public const string Hint = "write whole seconds (90) or numbers with units h, m, s, ms (1h30m, 500ms)";

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>
    /// Reads whole seconds (<c>90</c>) or numbers with units as in Go (<c>10m</c>, <c>1h30m</c>, <c>1.5s</c>, <c>500ms</c>). Not
    /// negative, at most 365 days, rounded to milliseconds.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The duration.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        if (text.IsEmpty || text.Length > 40)
        {
            return false;
        }

        if (!text.ContainsAnyExceptInRange('0', '9'))
        {
            return decimal.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out decimal seconds)
                && seconds <= (decimal)Longest.TotalSeconds
                && Set(seconds * 1000, out duration);
        }

        decimal milliseconds = 0;
        while (!text.IsEmpty)
        {
            int number = text.IndexOfAnyExcept(NumberCharacters);
            if (number is <= 0 or > 20
                || !decimal.TryParse(text[..number], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value))
            {
                return false;
            }

            text = text[number..];
            int unit = text.IndexOfAnyInRange('0', '9');
            var name = unit < 0 ? text : text[..unit];
            decimal factor = name switch
            {
                "h" => 3_600_000,
                "m" => 60_000,
                "s" => 1000,
                "ms" => 1,
                _ => 0,
            };
            if (factor == 0)
            {
                return false;
            }

            milliseconds += value * factor;
            text = text[name.Length..];
        }

        return Set(milliseconds, out duration);
    }

    /// <summary>Writes a duration so that <see cref="TryParse"/> reads the same again: <c>1h30m</c>, <c>500ms</c>, <c>0</c>.</summary>
    /// <param name="duration">The duration, not negative, in whole milliseconds.</param>
    public static string Format(TimeSpan duration)
    {
        string text = string.Concat(
            Part((long)duration.TotalHours, "h"), Part(duration.Minutes, "m"), Part(duration.Seconds, "s"), Part(duration.Milliseconds, "ms"));
        return text.Length > 0 ? text : "0";

        static string Part(long number, string unit) => number == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");
    }

    private static bool Set(decimal milliseconds, out TimeSpan duration)
    {
        bool fits = milliseconds <= (decimal)Longest.TotalMilliseconds;
        duration = fits ? TimeSpan.FromMilliseconds((long)decimal.Round(milliseconds)) : default;
        return fits;
    }
}
