using Talon.Actors.Plugins;

namespace Talon.Actors.Tests.Plugins;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("4096", 4096)]
    [InlineData("1Ki", 1024)]
    [InlineData("100Mi", 104_857_600)]
    [InlineData("10Gi", 10_737_418_240)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void TryParse_Size_IsRead(string text, long expected)
    {
        Assert.True(ByteSize.TryParse(text, out long bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Mi")]
    [InlineData("-1")]
    [InlineData("1 Mi")]
    [InlineData("1mi")]
    [InlineData("1MB")]
    [InlineData("1.5Gi")]
    [InlineData("9223372036854775808")]
    [InlineData("9007199254740992Ki")]
    public void TryParse_NoSize_IsRefused(string? text) => Assert.False(ByteSize.TryParse(text, out _));
}
