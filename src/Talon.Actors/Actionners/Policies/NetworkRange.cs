using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Talon.Actors.Actionners.Policies;

/// <summary>
/// A range of addresses as rule files write it, <c>10.0.0.0/8</c> or <c>2001:db8::/32</c>. Bits beyond the prefix may be set and
/// are cleared. Stricter than the parser of .NET, which takes <c>10/8</c>, <c>010.0.0.0</c> and zones: what an API would refuse or
/// read differently fails when the rules are loaded.
/// </summary>
internal static class NetworkRange
{
    public static IPNetwork AllIPv4 { get; } = new(IPAddress.Any, 0);

    public static IPNetwork AllIPv6 { get; } = new(IPAddress.IPv6Any, 0);

    /// <summary>Null when it is a range, else what is wrong and what would be right.</summary>
    public static string? Check(string text) => TryParse(text, out _) ? null
        : TryAddress(text, out var address)
            ? $"'{text}' is an address without a prefix length; for this address alone write {text}/{Bits(address)}"
            : $"'{text}' is not a range of addresses; write one such as 10.0.0.0/8 or 2001:db8::/32";

    /// <summary>Reads a range, bits beyond the prefix cleared.</summary>
    public static bool TryParse(string text, out IPNetwork range)
    {
        range = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !TryAddress(text[..slash], out var address))
        {
            return false;
        }

        string digits = text[(slash + 1)..];
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int prefix) || prefix > Bits(address)
            || (digits.Length > 1 && digits[0] == '0'))
        {
            return false;
        }

        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            int kept = Math.Clamp(prefix - (8 * i), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - kept));
        }

        range = new IPNetwork(new IPAddress(bytes), prefix);
        return true;
    }

    private static int Bits(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    private static bool TryAddress(string text, out IPAddress address)
    {
        if (text.Any(c => !char.IsAsciiHexDigit(c) && c is not ('.' or ':')) || !IPAddress.TryParse(text, out var parsed))
        {
            address = IPAddress.None;
            return false;
        }

        address = parsed;
        return parsed.AddressFamily == AddressFamily.InterNetworkV6 ? !parsed.IsIPv4MappedToIPv6 : parsed.ToString() == text;
    }
}
