using Talon.Host.Configuration;

namespace Talon.Host.Tests.Configuration;

public sealed class ConfigValuesTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("90", 90)]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5h", 5400)]
    [InlineData("7d", 604800)]
    [InlineData("1500ms", 1.5)]
    public void Duration_Text_IsRead(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ConfigValues.Duration(TimeSpan.Zero, TimeSpan.FromDays(100))(text));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("-1s")]
    [InlineData("s")]
    [InlineData("1")]
    [InlineData("1x")]
    [InlineData("1 s")]
    [InlineData("1s30")]
    [InlineData("1..5s")]
    [InlineData("99999999999999999999")]
    [InlineData("999999999999999d")]
    public void Duration_NoDurationOrOutOfRange_IsNone(string text) =>
        Assert.Null(ConfigValues.Duration(TimeSpan.FromSeconds(2), TimeSpan.FromDays(100))(text));

    [Theory]
    [InlineData("1024", 1024)]
    [InlineData("1Ki", 1024)]
    [InlineData("1Mi", 1048576)]
    [InlineData("1Gi", 1073741824)]
    public void Bytes_Text_IsRead(string text, int bytes) => Assert.Equal(bytes, ConfigValues.Bytes(1024, int.MaxValue)(text));

    [Theory]
    [InlineData("")]
    [InlineData("Ki")]
    [InlineData("1023")]
    [InlineData("2Mi")]
    [InlineData("1Gi")]
    [InlineData("1.5Ki")]
    [InlineData("1KB")]
    [InlineData("9223372036854775807Mi")]
    public void Bytes_NoNumberOrOutOfRange_IsNone(string text) => Assert.Null(ConfigValues.Bytes(1024, 1024 * 1024)(text));
}
