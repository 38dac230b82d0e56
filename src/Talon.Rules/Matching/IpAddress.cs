using System.Buffers.Binary;
using System.Net;

namespace Talon.Rules.Matching;

/// <summary>
/// An IPv4 or IPv6 address as a number, so that comparing allocates nothing. An IPv4-mapped IPv6 address
/// (<c>::ffff:10.0.0.1</c>) is the IPv4 address: both name one host.
/// </summary>
/// <param name="Bits">The address; of IPv4 the lowest 32 bits.</param>
internal readonly record struct IpAddress(UInt128 Bits, bool IsV4)
{
    /// <summary>The length of the longest text: eight groups, the last two as IPv4.</summary>
    public const int LongestText = 45;

    private const int Groups = 8;
    private const int MappedMark = 0xffff;

    /// <summary>
    /// Reads an address strictly: four decimal parts without leading zeros, or the text form of IPv6 (RFC 4291, 2.2). Ports,
    /// brackets, zones, octal, hexadecimal and shortened IPv4 forms are refused, since programs disagree about them.
    /// </summary>
    /// <param name="text">The text, as ASCII.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out IpAddress address)
    {
        address = default;
        if (text.Length > LongestText)
        {
            return false;
        }

        if (!text.Contains((byte)':'))
        {
            bool valid = TryParseV4(text, out uint v4);
            address = new IpAddress(v4, IsV4: true);
            return valid;
        }

        if (!TryParseV6(text, out var v6))
        {
            return false;
        }

        address = v6 >> 32 == MappedMark ? new IpAddress((uint)v6, IsV4: true) : new IpAddress(v6, IsV4: false);
        return true;
    }

    /// <summary>The usual short text; the same for all texts of one address.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)Bits);
            return new IPAddress(bytes[..4]).ToString();
        }

        BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
        return new IPAddress(bytes).ToString();
    }

    private static bool TryParseV4(ReadOnlySpan<byte> text, out uint bits)
    {
        bits = 0;
        for (int part = 0; part < 4; part++)
        {
            if (part > 0)
            {
                if (text.IsEmpty || text[0] != '.')
                {
                    return false;
                }

                text = text[1..];
            }

            int length = 0;
            uint value = 0;
            while (length < text.Length && length < 3 && char.IsAsciiDigit((char)text[length]))
            {
                value = (value * 10) + text[length++] - '0';
            }

            if (length == 0 || value > byte.MaxValue || (length > 1 && text[0] == '0'))
            {
                return false;
            }

            bits = (bits << 8) | value;
            text = text[length..];
        }

        return text.IsEmpty;
    }

    // What stands before the '::' fills from the left, what stands after it from the right.
    private static bool TryParseV6(ReadOnlySpan<byte> text, out UInt128 bits)
    {
        bits = default;
        int gap = text.IndexOf("::"u8);
        if (gap < 0)
        {
            return TryParseGroups(text, out bits, out int all) && all == Groups;
        }

        var tail = text[(gap + 2)..];
        if (!TryParseGroups(text[..gap], out var left, out int before, mayEndInV4: false)
            || !TryParseGroups(tail, out var right, out int after)
            || before + after >= Groups)
        {
            return false;
        }

        // A shift by the whole width would shift by nothing.
        bits = (before == 0 ? default : left << (16 * (Groups - before))) | right;
        return true;
    }

    private static bool TryParseGroups(ReadOnlySpan<byte> text, out UInt128 bits, out int count, bool mayEndInV4 = true)
    {
        bits = default;
        count = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        while (true)
        {
            int colon = text.IndexOf((byte)':');
            var group = colon < 0 ? text : text[..colon];
            if (colon < 0 && mayEndInV4 && group.Contains((byte)'.'))
            {
                bool valid = TryParseV4(group, out uint v4);
                bits = (bits << 32) | v4;
                count += 2;
                return valid && count <= Groups;
            }

            if (group.Length is 0 or > 4 || ++count > Groups)
            {
                return false;
            }

            uint value = 0;
            foreach (byte digit in group)
            {
                if (!char.IsAsciiHexDigit((char)digit))
                {
                    return false;
                }

                value = (value << 4) | (uint)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
            }

            bits = (bits << 16) | value;

            if (colon < 0)
            {
                return true;
            }

            text = text[(colon + 1)..];
            if (text.IsEmpty)
            {
                return false;
            }
        }
    }
}
