using System.Globalization;

namespace Talon.Rules.Yaml;

/// <summary>The meaning of plain scalars by YAML 1.2's core schema.</summary>
internal static class YamlScalars
{
    public static YamlScalarKind KindOf(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return YamlScalarKind.Null;
            case "true" or "false" or "True" or "False" or "TRUE" or "FALSE":
                return YamlScalarKind.Flag;
            case ".nan" or ".NaN" or ".NAN":
                return YamlScalarKind.Real;
            default:
                return TryWhole(text, out _) ? YamlScalarKind.Whole
                    : IsReal(text) ? YamlScalarKind.Real
                    : YamlScalarKind.Text;
        }
    }

    public static bool TryWhole(string text, out long value)
    {
        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && value >= 0;
        }

        if (text.StartsWith("0o", StringComparison.Ordinal))
        {
            return TryOctal(text.AsSpan(2), out value);
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryOctal(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        if (digits.IsEmpty || digits.Length > 20)
        {
            return false;
        }

        foreach (char digit in digits)
        {
            if (digit is < '0' or > '7')
            {
                return false;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }

    // [-+]? ( digits [. digits*] | . digits ) ( [eE] [-+]? digits )?, or [-+]? .inf
    private static bool IsReal(ReadOnlySpan<char> text)
    {
        text = Unsigned(text);
        if (text is ".inf" or ".Inf" or ".INF")
        {
            return true;
        }

        int whole = Digits(text);
        text = text[whole..];
        int fraction = 0;
        if (text.StartsWith("."))
        {
            fraction = Digits(text[1..]);
            text = text[(fraction + 1)..];
        }

        if (whole + fraction == 0)
        {
            return false;
        }

        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] is not ('e' or 'E'))
        {
            return false;
        }

        text = Unsigned(text[1..]);
        return text.Length > 0 && Digits(text) == text.Length;
    }

    private static ReadOnlySpan<char> Unsigned(ReadOnlySpan<char> text) => text.Length > 0 && text[0] is '+' or '-' ? text[1..] : text;

    private static int Digits(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
