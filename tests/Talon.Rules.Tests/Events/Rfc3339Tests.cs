using System.Globalization;
using System.Text;
using Talon.Rules.Events;

namespace Talon.Rules.Tests.Events;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2025-04-17T08:41:12Z", "2025-04-17T08:41:12.0000000+00:00")]
    [InlineData("2025-04-17t08:41:12z", "2025-04-17T08:41:12.0000000+00:00")]
    [InlineData("2025-04-17T08:41:12.5Z", "2025-04-17T08:41:12.5000000+00:00")]
    [InlineData("2025-04-17T08:41:12.123456789+02:00", "2025-04-17T08:41:12.1234567+02:00")]
    [InlineData("2025-04-17T08:41:12-0330", "2025-04-17T08:41:12.0000000-03:30")]
    [InlineData("2025-04-17T23:59:59+14:00", "2025-04-17T23:59:59.0000000+14:00")]
    [InlineData("2025-04-17T23:59:59+13:59", "2025-04-17T23:59:59.0000000+13:59")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.0000000+00:00")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000+00:00")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999+00:00")]
    public void TryParse_RightStamp_IsRead(string text, string expected)
    {
        Assert.True(Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out var time));
        Assert.Equal(expected, time.ToString("O", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    public void TryParse_BeyondWhatATimeHolds_IsTheZeroTime(string text)
    {
        Assert.True(Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out var time));
        Assert.Equal(DateTimeOffset.MinValue, time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2025-04-17T08:41:12")]
    [InlineData("2025-04-17 08:41:12Z")]
    [InlineData("2025-00-17T08:41:12Z")]
    [InlineData("2025-13-17T08:41:12Z")]
    [InlineData("2025-04-00T08:41:12Z")]
    [InlineData("2025-04-31T08:41:12Z")]
    [InlineData("2025-02-29T08:41:12Z")]
    [InlineData("2025-04-17T24:41:12Z")]
    [InlineData("2025-04-17T08:60:12Z")]
    [InlineData("2025-04-17T08:41:60Z")]
    [InlineData("2025-04-17T08:41:12.Z")]
    [InlineData("2025-04-17T08:41:12.5")]
    [InlineData("2025-04-17T08:41:12+14:01")]
    [InlineData("2025-04-17T08:41:12+15:00")]
    [InlineData("2025-04-17T08:41:12+01:60")]
    [InlineData("2025-04-17T08:41:12+0a:00")]
    [InlineData("2025-04-17T08:41:12+01:0a")]
    [InlineData("2025-04-17T08:41:12+01-00")]
    [InlineData("2025-04-17T08:41:12*0100")]
    [InlineData("2025-04-17T08:41:12+100")]
    [InlineData("2025-04-17T08:41:12ZZ")]
    [InlineData("2o25-04-17T08:41:12Z")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out _));
}
