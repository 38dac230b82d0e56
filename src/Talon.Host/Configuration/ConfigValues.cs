using System.Globalization;
using Talon.Rules.Text;

namespace Talon.Host.Configuration;

/// <summary>Reads the values of configuration keys within their bounds, and shows them. Null means that the text is none.</summary>
internal static class ConfigValues
{
    private const int LongestShown = 80;

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

    /// <summary>A duration within bounds, as <see cref="DurationText"/> reads it.</summary>
    public static Func<string, TimeSpan?> Duration(TimeSpan least, TimeSpan most) => text =>
        DurationText.TryParse(text, most, out var value) && value >= least ? value : null;

    /// <summary>What <see cref="Duration"/> expects, to follow "must be".</summary>
    /// <param name="zero">What 0 means; empty where it means nothing of its own.</param>
    public static string DurationBounds(TimeSpan least, TimeSpan most, string zero = "") =>
        $"a duration from {DurationText.FormatShort(least)}{(zero.Length > 0 ? $" ({zero})" : "")} to {DurationText.FormatShort(most)}, in whole seconds or like 90s, 10m, 1h30m, 7d";

    /// <summary>A number of bytes within bounds, as <see cref="ByteSize"/> reads it.</summary>
    public static Func<string, long?> Bytes(long least, long most) => text =>
        ByteSize.TryParse(text, out long value) && value >= least && value <= most ? value : null;

    /// <summary>A value for a message: what is over 80 characters is cut off.</summary>
    public static string Shorten(string text) => OneLine.Cut(text, LongestShown);
}
