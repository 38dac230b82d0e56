using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using Talon.Rules.Matching;

namespace Talon.Rules.Tests.Matching;

public sealed class IpAddressTests
{
    private static readonly Gen<byte[]> GenV6 = Gen.Select(
        Gen.Byte.Array[16], Gen.Int[0, 16], Gen.Int[0, 16], (bytes, from, to) =>
        {
            // Runs of zeros are what shortened texts are about.
            for (int i = from; i < to; i++)
            {
                bytes[i] = 0;
            }

            return bytes;
        });

    [Fact]
    public void TryParse_EveryFormOfAnAddress_ReadsTheSameAsTheFramework() =>
        Gen.Select(Gen.OneOf(Gen.Byte.Array[4], GenV6, Gen.Byte.Array[4].Select(Mapped)), Gen.Int[0, 3]).Sample(
            (bytes, form) =>
            {
                var address = new IPAddress(bytes);
                string text = bytes.Length == 4 ? address.ToString() : form switch
                {
                    0 => address.ToString(),
                    1 => address.ToString().ToUpperInvariant(),
                    2 => string.Join(':', Enumerable.Range(0, 8).Select(i => $"{bytes[2 * i]:x2}{bytes[(2 * i) + 1]:x2}")),
                    _ => string.Join(':', Enumerable.Range(0, 6).Select(i => $"{(bytes[2 * i] << 8) | bytes[(2 * i) + 1]:x}")) + ":" + new IPAddress(bytes.AsSpan(12)),
                };
                Assert.True(IpAddress.TryParse(Encoding.ASCII.GetBytes(text), out var parsed), text);
                Assert.Equal(Number(address), parsed);
                Assert.True(IpAddress.TryParse(Encoding.ASCII.GetBytes(parsed.ToString()), out var again));
                Assert.Equal(parsed, again);
            },
            iter: 20_000);

    [Fact]
    public void TryParse_AnyText_AcceptsNothingTheFrameworkReadsOtherwise() =>
        Gen.Char["0123456789abf:.%[x/ "].Array[0, 20].Select(letters => new string(letters)).Sample(
            text =>
            {
                if (IpAddress.TryParse(Encoding.ASCII.GetBytes(text), out var parsed))
                {
                    Assert.True(IPAddress.TryParse(text, out var address), text);
                    Assert.Equal(Number(address), parsed);
                }
            },
            iter: 100_000);

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("256.0.0.0", false)]
    [InlineData("1.2.3", false)]
    [InlineData("1.2.3.", false)]
    [InlineData("1.2.3.4.", false)]
    [InlineData("1.2.3.4.5", false)]
    [InlineData(".1.2.3", false)]
    [InlineData("1..2.3", false)]
    [InlineData("01.2.3.4", false)]
    [InlineData("1.2.3.0004", false)]
    [InlineData("1.2.3.4\n", false)]
    [InlineData("", false)]
    [InlineData("::", true)]
    [InlineData("::1", true)]
    [InlineData("1::", true)]
    [InlineData(":", false)]
    [InlineData(":::", false)]
    [InlineData("1:::2", false)]
    [InlineData("1::2::3", false)]
    [InlineData(":1:2:3:4:5:6:7", false)]
    [InlineData("1:2:3:4:5:6:7:", false)]
    [InlineData("1:2:3:4:5:6:7", false)]
    [InlineData("1:2:3:4:5:6:7:8", true)]
    [InlineData("1:2:3:4:5:6:7:8:9", false)]
    [InlineData("1:2:3:4:5:6:7::", true)]
    [InlineData("::2:3:4:5:6:7:8", true)]
    [InlineData("1:2:3:4::5:6:7:8", false)]
    [InlineData("12345::", false)]
    [InlineData("g::", false)]
    [InlineData("1:2:3:4:5:6:1.2.3.4", true)]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4", false)]
    [InlineData("::1.2.3.4", true)]
    [InlineData("::1.2.3.04", false)]
    [InlineData("1.2.3.4::", false)]
    [InlineData("::1.2.3.4:5", false)]
    [InlineData("::1%1", false)]
    [InlineData("[::1]", false)]
    [InlineData("::1/128", false)]
    [InlineData("0000:0000:0000:0000:0000:ffff:255.255.255.255", true)]
    [InlineData("00000:0000:0000:0000:0000:ffff:255.255.255.255", false)]
    public void TryParse_Text_IsAnAddressOrNot(string text, bool expected) =>
        Assert.Equal(expected, IpAddress.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Contains_AnyNetwork_ComparesTheLeadingBits() =>
        Gen.Select(Gen.OneOf(Gen.Byte.Array[4], GenV6), Gen.Int[0, 128], Gen.Int[0, 127]).Sample(
            (bytes, length, flipped) =>
            {
                var address = Number(new IPAddress(bytes));
                int width = address.IsV4 ? 32 : 128;
                length %= width + 1;
                flipped %= width;
                var network = IpNetwork.Around(address, length, writtenAsV6: false)!.Value;
                Assert.True(network.Contains(address));
                var other = address with { Bits = address.Bits ^ (UInt128.One << (width - 1 - flipped)) };
                Assert.Equal(flipped >= length, network.Contains(other));
                Assert.Equal(flipped >= length, network.Contains(IpNetwork.Around(other, width, writtenAsV6: false)!.Value));
            },
            iter: 5000);

    private static byte[] Mapped(byte[] v4) => new IPAddress(v4).MapToIPv6().GetAddressBytes();

    private static IpAddress Number(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        byte[] bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new IpAddress(BinaryPrimitives.ReadUInt32BigEndian(bytes), IsV4: true)
            : new IpAddress(BinaryPrimitives.ReadUInt128BigEndian(bytes), IsV4: false);
    }
}
