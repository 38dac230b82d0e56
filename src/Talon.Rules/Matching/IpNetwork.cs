namespace Talon.Rules.Matching;

/// <summary>
/// All addresses that begin with the same bits. IPv4 addresses, mapped ones included, belong to IPv4 networks only: not even
/// <c>::/0</c> holds one.
/// </summary>
/// <param name="Address">The first address; the bits after the prefix are zero.</param>
/// <param name="PrefixLength">How many leading bits count: 0 to 32 for IPv4, 0 to 128 for IPv6.</param>
internal readonly record struct IpNetwork(IpAddress Address, int PrefixLength)
{
    private const int MappedBits = 96;

    /// <summary>The number of bits of an address of this kind.</summary>
    public int Width => WidthOf(Address);

    /// <summary>The network of this many leading bits that an address lies in.</summary>
    /// <param name="prefixLength">As written after the address; counted from the IPv6 form where the text was one.</param>
    /// <returns>Null when the address does not have that many bits.</returns>
    public static IpNetwork? Around(IpAddress address, int prefixLength, bool writtenAsV6)
    {
        int length = address.IsV4 && writtenAsV6 ? prefixLength - MappedBits : prefixLength;
        return length < 0 || length > WidthOf(address)
            ? null
            : new IpNetwork(address with { Bits = address.Bits & Mask(length, WidthOf(address)) }, length);
    }

    /// <summary>Whether an address lies in it.</summary>
    public bool Contains(IpAddress address) =>
        address.IsV4 == Address.IsV4 && (address.Bits & Mask(PrefixLength, Width)) == Address.Bits;

    /// <summary>Whether every address of another network lies in it.</summary>
    public bool Contains(IpNetwork other) => PrefixLength <= other.PrefixLength && Contains(other.Address);

    /// <summary><c>ADDRESS/BITS</c>, the same for all texts of one network.</summary>
    public override string ToString() => $"{Address}/{PrefixLength}";

    private static int WidthOf(IpAddress address) => address.IsV4 ? 32 : 128;

    // A shift by the whole width would shift by nothing.
    private static UInt128 Mask(int length, int width) => length == 0 ? 0 : UInt128.MaxValue << (width - length);
}
