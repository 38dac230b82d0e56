using Talon.Actors.Actionners.Policies;

namespace Talon.Actors.Tests.Actionners.Policies;

public sealed class NetworkRangeTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3/20", "10.1.0.0/20")]
    [InlineData("192.168.1.7/32", "192.168.1.7/32")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("255.255.255.255/1", "128.0.0.0/1")]
    [InlineData("::/0", "::/0")]
    [InlineData("2001:DB8::1/32", "2001:db8::/32")]
    [InlineData("2001:db8:ffff::/35", "2001:db8:e000::/35")]
    [InlineData("fe80::1/128", "fe80::1/128")]
    [InlineData("64:ff9b::192.0.2.1/96", "64:ff9b::/96")]
    public void TryParse_Range_IsReadWithItsSpareBitsCleared(string text, string expected)
    {
        Assert.True(NetworkRange.TryParse(text, out var range));
        Assert.Equal(expected, range.ToString());
        Assert.Null(NetworkRange.Check(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/8")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.0/99999999999")]
    [InlineData("10.0.0/8")]
    [InlineData("10/8")]
    [InlineData("010.0.0.0/8")]
    [InlineData("0x0a.0.0.0/8")]
    [InlineData("10.0.0.256/8")]
    [InlineData(" 10.0.0.0/8")]
    [InlineData("2001:db8::/129")]
    [InlineData("fe80::1%eth0/64")]
    [InlineData("[::1]/64")]
    [InlineData("::ffff:10.0.0.1/104")]
    [InlineData("example.com/8")]
    public void Check_NoRange_SaysWhatWouldBeOne(string text)
    {
        Assert.False(NetworkRange.TryParse(text, out _));
        Assert.Contains("10.0.0.0/8", NetworkRange.Check(text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1/32")]
    [InlineData("2001:db8::1", "2001:db8::1/128")]
    public void Check_Address_SaysHowToWriteItAsARange(string text, string expected) =>
        Assert.EndsWith($"write {expected}", NetworkRange.Check(text), StringComparison.Ordinal);
}
