using Talon.Actors.Actionners.Policies;

namespace Talon.Actors.Tests.Actionners.Policies;

public sealed class RemoteAddressTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7/32")]
    [InlineData("2001:DB8::1", "2001:db8::1/128")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7/32")]
    [InlineData("169.254.169.254", "169.254.169.254/32")]
    public void TryRead_Address_IsARangeOfItAlone(string text, string expected)
    {
        Assert.True(RemoteAddress.TryRead(TestEvents.Syscall(null, ("fd.rip", text)), out var range, out _));
        Assert.Equal(expected, range.ToString());
    }

    [Theory]
    [InlineData("203.0.113.7:443")]
    [InlineData("[2001:db8::1]:443")]
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::1")]
    [InlineData("203.0.113.0/24")]
    [InlineData("example.com")]
    [InlineData("127.1")]
    [InlineData("010.0.0.1")]
    [InlineData("12")]
    [InlineData("abcd")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("203.0.113.7\n")]
    public void TryRead_Other_IsAProblemThatSaysWhy(string text)
    {
        Assert.False(RemoteAddress.TryRead(TestEvents.Syscall(null, ("fd.rip", text)), out _, out string? problem));
        Assert.Contains("remote address", problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
    }

    [Fact]
    public void TryRead_TwoOrNone_TakesTheRemoteOneOrSaysWhatIsMissing()
    {
        Assert.True(RemoteAddress.TryRead(TestEvents.Syscall(null, ("fd.sip", "203.0.113.1"), ("fd.rip", "203.0.113.2")), out var range, out _));
        Assert.Equal("203.0.113.2/32", range.ToString());
        Assert.True(RemoteAddress.TryRead(TestEvents.Syscall(null, ("fd.sip", "203.0.113.1"), ("fd.rip", "<NA>")), out range, out _));
        Assert.Equal("203.0.113.1/32", range.ToString());
        Assert.False(RemoteAddress.TryRead(TestEvents.Syscall(null), out _, out string? problem));
        Assert.Contains("fd.rip", problem, StringComparison.Ordinal);
    }
}
