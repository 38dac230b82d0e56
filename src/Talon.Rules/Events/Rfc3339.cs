namespace Talon.Rules.Events;

/// <summary>Reads the time stamps of RFC 3339 with any number of fractional digits; offsets may lack their colon.</summary>
internal static class Rfc3339
{
    /// <summary>
    /// Reads a time stamp. Digits beyond 100 ns are dropped. A time that the framework cannot represent (year 0, or before
    /// year 1 in UTC) reads as <see cref="DateTimeOffset.MinValue"/>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        // 2025-04-17T08:41:12
        if (text.Length < 20
            || !Digits(text[..4], out int year) || text[4] != '-'
            || !Digits(text[5..7], out int month) || text[7] != '-'
            || !Digits(text[8..10], out int day) || text[10] is not ((byte)'T' or (byte)'t')
            || !Digits(text[11..13], out int hour) || text[13] != ':'
            || !Digits(text[14..16], out int minute) || text[16] != ':'
            || !Digits(text[17..19], out int second))
        {
            return false;
        }

        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(Math.Max(year, 1), month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        if (!Fraction(ref text, 19, out long ticks) || !Offset(text, out int offsetMinutes))
        {
            return false;
        }

        if (year == 0)
        {
            time = DateTimeOffset.MinValue;
            return true;
        }

        long local = new DateTime(year, month, day, hour, minute, second).Ticks + ticks;
        long utc = local - (offsetMinutes * TimeSpan.TicksPerMinute);
        time = utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks
            ? DateTimeOffset.MinValue
            : new DateTimeOffset(local, TimeSpan.FromMinutes(offsetMinutes));
        return true;
    }

    private static bool Fraction(ref ReadOnlySpan<byte> text, int at, out long ticks)
    {
        ticks = 0;
        text = text[at..];
        if (text.IsEmpty || text[0] != '.')
        {
            return true;
        }

        int digits = 0;
        long unit = TimeSpan.TicksPerSecond;
        while (digits + 1 < text.Length && text[digits + 1] is >= (byte)'0' and <= (byte)'9')
        {
            unit /= 10;
            ticks += (text[digits + 1] - '0') * unit;
            digits++;
        }

        text = text[(digits + 1)..];
        return digits > 0;
    }

    private static bool Offset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 1)
        {
            return text[0] is (byte)'Z' or (byte)'z';
        }

        bool colon = text.Length == 6 && text[3] == ':';
        if ((text.Length != 5 && !colon) || text[0] is not ((byte)'+' or (byte)'-')
            || !Digits(text[1..3], out int hours) || !Digits(text[^2..], out int rest) || hours > 14 || rest > 59 || (hours == 14 && rest > 0))
        {
            return false;
        }

        minutes = ((hours * 60) + rest) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (byte b in text)
        {
            if (b is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (b - '0');
        }

        return true;
    }
}
